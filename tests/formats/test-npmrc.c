#include "rc-test.h"

#include "formats/drivers.h"

#define BOM "\xEF\xBB\xBF"
#define NBSP "\xC2\xA0"

static void
npmrc__files__read_as_npm_does (void **state)
{
    static const ReadRow rows[] = {
        { "", 0, "" },
        { "; nothing\n  # here\n\n", 0, "" },
        { "proxy=http://u:p@h:1\n", 0, "1 proxy=http://u:p@h:1" },
        { "  https-proxy = x  \r\nProxy = y", 0, "1 https-proxy=x|2 Proxy=y" },
        { BOM "proxy=x\n", 0, "1 proxy=x" },
        { BOM "[s]\nproxy=x\n", 0, "1 [s]=true|2 proxy=x" },
        { NBSP "proxy" NBSP "=" NBSP "x" NBSP "\n", 0, "1 proxy=x" },
        { "a=1\rproxy=x\r\r\nb=2\n", 0, "1 a=1|1 proxy=x|2 b=2" },
        { "proxy\n", 0, "1 proxy=true" },
        { "proxy # c\n", 0, "1 proxy=true" },
        { "proxy # c = x\n", 0, "1 proxy=x" },
        { "proxy=\n", 0, "1 proxy=" },
        { "proxy:x\n", 0, "1 proxy:x=true" },
        { "=x\n", 0, "" },
        { "proxy=a=b\n", 0, "1 proxy=a=b" },
        { "proxy=a#b\n", 0, "1 proxy=a" },
        { "proxy=a ; b\n", 0, "1 proxy=a" },
        { "proxy=a\\;b\\#c\\\\d\\e\\\n", 0, "1 proxy=a;b#c\\\\d\\\\e\\\\" },
        { "proxy=\"a # b\"\n", 0, "1 proxy=a # b" },
        { "proxy=\"a\\u00e9\\n\\\"\"\n", 0, "1 proxy=a\\303\\251\\n\"" },
        { "proxy=\"a\" # b\n", 0, "1 proxy=\"a\"" },
        { "proxy=\"a\\x\"\n", 0, "1 proxy=\"a\\\\x\"" },
        { "proxy='a;b'\n", 0, "1 proxy=a;b" },
        { "proxy='\"a;b\"'\n", 0, "1 proxy=a;b" },
        { "proxy='1e3'\nb='-0'\nc='1e-7'\nd='123456789012345678901234567890'\ne='0.1'\n", 0,
          "1 proxy=1000|2 b=0|3 c=1e-7|4 d=1.2345678901234568e+29|5 e=0.1" },
        { "proxy='{\"a\":[1]}'\n", 0, "1 proxy=[object Object] I" },
        { "proxy='[1,[\"a\",null],{}]'\n", 0, "1 proxy=1,a,,[object Object] L" },
        { "proxy='\nq=\"\n", 0, "1 proxy=|2 q=\"" },
        { "\"pro\\u0078y\"=x\n'https-proxy'=y\n", 0, "1 proxy=x|2 https-proxy=y" },
        { "proxy=\" a \"\n", 0, "1 proxy=a" },
        { "proxy=null\nb=\"null\"\n", 0, "1 proxy=null|2 b=null" },
        { "proxy=a\xE2\x80\xA8"
          "b\nb=1\n",
          0, "2 b=1" },
        { "proxy=a\xFF\xE2\x82z\n", 0, "1 proxy=a\\357\\277\\275\\357\\277\\275z" },
        { "noproxy[]=a\nnoproxy[]=b\nnoproxy=c\n", 0, "1 noproxy=a L|2 noproxy=b L|3 noproxy=c L" },
        { "n=a\nn=b\nn[]=c\n", 0, "1 n=a|2 n=b L|3 n=c L" },
        { "[]=a\n", 0, "1 []=a" },
        { "proxy=a\n[s]\nproxy=b\nx[]=${Y}\n", 0, "1 proxy=a|3 proxy=b I|4 x=${Y} I" },
        { " [s]\n[t] # c\n[u]x\nproxy=a\n", 0, "1 [s]=true|2 [t]=true|3 [u]x=true|4 proxy=a" },
        { "proxy=http://u:${PW}@h\n", 0, "1 proxy=(null) D" },
        { "proxy=a\\${PW}b\\\\${PW}\n", 0, "1 proxy=a${PW}b${PW}" },
        { "proxy=\"a\\\\${PW}\"\n", 0, "1 proxy=a${PW}" },
        { "proxy=a$PW ${} ${A:-$B} ${A{B}\n", 0, "1 proxy=a$PW ${} ${A:-$B} ${A{B}" },
        { "proxy=${A?}\n", 0, "1 proxy=(null) D" },
        { "proxy=a\n[proxy]\nb=c\n", 0, "1 proxy=a|3 b=c I" },
        { "proxy=\n[proxy]\n", 0, "1 proxy= I" },
        { "proxy=a\n[proxy.x]\n", 0, "1 proxy=a I" },
        { "proxy=a\nproxy.x=null\n", 0, "1 proxy=a I|2 proxy.x=null I" },
        { "proxy=null\n\n[proxy.x]\n", 0, "!3" },
        { "n[]=a\n[n.x]\n", 0, "1 n=a L" },
        { "__proto__=a\n__proto__[]=b\nc=d\n", 0, "3 c=d" },
        { "'null'=a\n", 0, "!1" },
    };

    (void) state;
    check_read_rows (&prc_format_npmrc, rows, G_N_ELEMENTS (rows));
}

static void
npmrc__set__changes_no_other_byte (void **state)
{
    static const EditRow rows[] = {
        /* a new line, above the first section */
        { "", 0, "proxy", "x", "proxy=x\n" },
        { "a=b", 0, "proxy", "x", "a=b\nproxy=x" },
        { "a = b\r\n", 0, "proxy", "x", "a = b\r\nproxy = x\r\n" },
        { "[s]\na=b\n", 0, "proxy", "x", "proxy=x\n[s]\na=b\n" },
        { "a=b\n\n# about s\n[s]\n", 0, "proxy", "x", "a=b\nproxy=x\n\n# about s\n[s]\n" },
        { "# top\n\n# about s\n[s]\n", 0, "proxy", "x", "# top\nproxy=x\n\n# about s\n[s]\n" },
        { "a=b\n# about a\n\n[s]\n", 0, "proxy", "x", "a=b\n# about a\nproxy=x\n\n[s]\n" },
        { "# about s\n[s]\n", 0, "proxy", "x", "proxy=x\n# about s\n[s]\n" },
        { BOM "# about s\n[s]\n", 0, "proxy", "x", BOM "proxy=x\n# about s\n[s]\n" },
        { "[s]\nproxy=b\n", 0, "proxy", "x", "proxy=x\n[s]\nproxy=b\n" },
        { "a=b\r", 0, "proxy", "x", "a=b\r\nproxy=x" },
        { "proxy=${A}\n", 0, "proxy", "x", "proxy=${A}\nproxy=x\n" },
        /* in its place */
        { "proxy = a # c\n", 0, "proxy", "x", "proxy = x # c\n" },
        { "proxy=\"a\"\n", 0, "proxy", "x", "proxy=\"x\"\n" },
        { "proxy='a'\n", 0, "proxy", "x", "proxy='x'\n" },
        { "proxy='a'\n", 0, "proxy", "12", "proxy=12\n" },
        { "proxy=a\n", 0, "proxy", "a;b", "proxy=\"a;b\"\n" },
        { "proxy=a ; c\n", 0, "proxy", "a;b", "proxy=a\\;b ; c\n" },
        { "proxy=a\n", 0, "proxy", "\"a\"", "proxy=\"\\\"a\\\"\"\n" },
        { "proxy=a\n", 0, "proxy", "a\\", "proxy=a\\\\\n" },
        { "proxy=a #c\n", 0, "proxy", "a\\", "proxy=a\\\\ #c\n" },
        { "proxy=a # \"c\"\n", 0, "proxy", "\"x", "# \"c\"\nproxy=\"\\\"x\"\n" },
        { "proxy=a\n", 0, "proxy", "a\nb", "proxy=\"a\\nb\"\n" },
        { "proxy=a # c\n", 0, "proxy", "a\nb", "# c\nproxy=\"a\\nb\"\n" },
        { "proxy # c\n", 0, "proxy", "a\nb", "# c\nproxy=\"a\\nb\"\n" },
        { "proxy=a\n", 0, "proxy", "a\xE2\x80\xA8", "!UNSUPPORTED" },
        { "proxy=a\n", 0, "proxy", "a\xE2\x80\xA8z", "proxy=\"a\\u2028z\"\n" },
        { "proxy=a\n", 0, "proxy", "${A}\\${B}", "proxy=\\${A}\\\\\\\\\\${B}\n" },
        { "proxy\n", 0, "proxy", "x", "proxy=x\n" },
        { "proxy # c\n", 0, "proxy", "x", "proxy=x # c\n" },
        { "proxy=# c\n", 0, "proxy", "x", "proxy=x # c\n" },
        { "proxy=a\n", 0, "proxy", "", "proxy=\n" },
        { "proxy=true\n", 0, "proxy", "true", "proxy=true\n" },
        /* duplicates and lists */
        { "proxy=a\nb=c\nproxy=d\n", 0, "proxy", "x", "b=c\nproxy=x\n" },
        { "proxy[]=a\nb=c\nproxy[]=d\n", 0, "proxy", "x", "b=c\nproxy=x\n" },
        { "proxy[]=a\n", 0, "proxy", "a", "proxy=a\n" },
        { "proxy=a\nproxy[]=b\n", 0, "proxy", "x", "proxy=x\n" },
        { "proxy[]=${A}\n", 0, "proxy", "x", "!UNSUPPORTED" },
        { "", 0, "noproxy[]", "x", "noproxy=x\n" },
        { "", 0, "a=b", "x", "\"a\\u003db\"=x\n" },
        { "", 0, "[a]", "x", "[a]=x\n" },
        { "", 0, "#a", "x", "\\#a=x\n" },
        { "", 0, "${A}", "x", "\\${A}=x\n" },
        { "", 0, "//r/:_authToken", "x", "//r/:_authToken=x\n" },
        { "", 0, "proxy", " x", "!UNSUPPORTED" },
        { "", 0, "proxy", "\xFF", "!UNSUPPORTED" },
        { "", 0, "__proto__", "x", "!INPUT" },
        { "", 0, "", "x", "!INPUT" },
    };

    (void) state;
    check_edit_rows (&prc_format_npmrc, rows, G_N_ELEMENTS (rows));
}

static void
npmrc__unset__takes_the_lines (void **state)
{
    static const EditRow rows[] = {
        { "a=b\nproxy=x # c\nc=d\n", 0, "proxy", NULL, "a=b\nc=d\n" },
        { "proxy[]=x\nproxy=y\n[s]\nproxy=z\n", 0, "proxy", NULL, "[s]\n" },
        { "a=b\r\nproxy=x", 0, "proxy", NULL, "a=b" },
        { "a=b\rproxy=x\rc=d\r", 0, "proxy", NULL, "a=b\rc=d\r" },
        { BOM "proxy=x\na=b\n", 0, "proxy", NULL, BOM "a=b\n" },
        { "proxy=${X}\n", 0, "proxy", NULL, "proxy=${X}\n" },
    };

    (void) state;
    check_edit_rows (&prc_format_npmrc, rows, G_N_ELEMENTS (rows));
}

static void
npmrc__add__a_list (void **state)
{
    static const char *const rows[][2] = {
        { "", "noproxy=x\n" },
        { "noproxy=a\n", "noproxy=a\nnoproxy[]=x\n" },
        { "noproxy[]=a\n[s]\n", "noproxy[]=a\nnoproxy[]=x\n[s]\n" },
        { "noproxy[]=x\nnoproxy=a\n", "noproxy[]=x\nnoproxy=a\n" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcDocument) doc = parse_text (&prc_format_npmrc, rows[i][0], 0);
        g_autoptr (PrcDocument) after = prc_document_add (doc, "noproxy", "x", &error);
        g_autofree char *text = NULL;

        assert_no_error (error);
        text = text_of (after);
        assert_string_equal (text, rows[i][1]);
    }
}

static void
npmrc__dynamic__names_its_references_only (void **state)
{
    g_autoptr (PrcDocument) doc =
        parse_text (&prc_format_npmrc, "proxy=http://u:secret${PW}@${H}/\n", 0);
    const PrcEntry *entry = NULL;

    (void) state;
    assert_int_equal (prc_document_lookup (doc, "proxy", &entry), PRC_LOOKUP_DYNAMIC);
    assert_string_equal (entry->detail, "from the environment: ${PW} ${H}");
}

static void
npmrc__any_bytes__no_crash (void **state)
{
    GRand *rand = g_rand_new_with_seed (prc_test_seed ());

    (void) state;
    check_any_bytes (&prc_format_npmrc, rand, prc_test_cases (30000),
                     "[[]]==\"\"''\\\\\n\n\n\r\t  ##;$${{}}proxy?,:1e", "proxy");
    check_any_bytes (&prc_format_npmrc, rand, prc_test_cases (30000), "\n\n\n==p\\ \r\"#[]", "p");
    g_rand_free (rand);
}

static void
npmrc__huge_files__linear (void **state)
{
    (void) state;
    check_linear (&prc_format_npmrc, "", "proxy=x\n");
    check_linear (&prc_format_npmrc, "", "proxy[]=x\n");
    check_linear (&prc_format_npmrc, "", "[http]\n");
    check_linear (&prc_format_npmrc, "proxy = ", "x y\\;");
    check_linear (&prc_format_npmrc, "proxy = ", "${${");
    check_linear (&prc_format_npmrc, "proxy = ", "\\\\\\");
    check_linear (&prc_format_npmrc, "proxy = '", "[");
    check_linear (&prc_format_npmrc, "proxy = ", " \xC2\xA0");
    check_linear (&prc_format_npmrc, "proxy = ", "\xE2\x80\xFF");
    check_linear (&prc_format_npmrc, "[", "a] ");
}

static void
npmrc__many_duplicates__set_and_unset_are_linear (void **state)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (PrcDocument) doc = NULL;
    g_autoptr (PrcDocument) set = NULL;
    g_autoptr (PrcDocument) unset = NULL;
    g_autofree char *after = NULL;
    gint64 begin = 0;

    (void) state;
    for (guint i = 0; i < 100000; i++)
        g_string_append (text, "proxy[]=x\n");
    doc = parse_text (&prc_format_npmrc, text->str, 0);
    begin = prc_test_work ();
    set = prc_document_set (doc, "proxy", "y", NULL);
    after = text_of (set);
    assert_string_equal (after, "proxy=y\n");
    unset = prc_document_unset (doc, "proxy", NULL);
    assert_int_equal (g_bytes_get_size (prc_document_bytes (unset)), 0);
    assert_true (prc_test_work () - begin < 10 * G_USEC_PER_SEC);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (npmrc__files__read_as_npm_does),
        cmocka_unit_test (npmrc__set__changes_no_other_byte),
        cmocka_unit_test (npmrc__unset__takes_the_lines),
        cmocka_unit_test (npmrc__add__a_list),
        cmocka_unit_test (npmrc__dynamic__names_its_references_only),
        cmocka_unit_test (npmrc__any_bytes__no_crash),
        cmocka_unit_test (npmrc__huge_files__linear),
        cmocka_unit_test (npmrc__many_duplicates__set_and_unset_are_linear),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}

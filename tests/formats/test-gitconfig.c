#include "rc-test.h"

#include "formats/drivers.h"

#define BOM "\xEF\xBB\xBF"
#define V244 PRC_TOOL_VERSION (2, 44, 0)
#define V245 PRC_TOOL_VERSION (2, 45, 0)

static void
gitconfig__files__read_as_git_does (void **state)
{
    static const ReadRow rows[] = {
        { "", 0, "" },
        { "# nothing\n ; here\n", 0, "" },
        { "[http]\n\tproxy = http://u:p@h:1\n", 0, "2 http.proxy=http://u:p@h:1" },
        { BOM "[http]\nproxy=x", 0, "2 http.proxy=x" },
        { "[HTTP]\r\n\tProxy = x\r\n", 0, "2 http.proxy=x" },
        { "[http \"https://X/\"]\nproxyAuthMethod=x\n", 0, "2 http.https://X/.proxyauthmethod=x" },
        { "[http.Sub]\nproxy=x\n", 0, "2 http.sub.proxy=x" },
        { "[a \"b\\\"c\\\\d\\e\"] K = v\n", 0, "1 a.b\"c\\de.k=v" },
        { "[a] [b \"c\"] k = v [d]\n", 0, "1 b.c.k=v [d]" },
        { "[http]\nproxy\n", 0, "2 http.proxy=(null)" },
        { "[http]\nproxy = \n", 0, "2 http.proxy=" },
        { "[http]\nproxy = \"\" ; c\n", 0, "2 http.proxy=" },
        { "[http]\nproxy = ht\"tp: #\"x  # c\n", 0, "2 http.proxy=http: #x" },
        { "[http]\nproxy = a#b\n", 0, "2 http.proxy=a" },
        { "[http]\nproxy = \"\\\"\\\\\\n\\t\\b\"\n", 0, "2 http.proxy=\"\\\\\\n\\t\\b" },
        { "[http]\nproxy = a \\\n   b\n\tx=y\n", 0, "2 http.proxy=a    b|4 http.x=y" },
        { "[http]\nproxy = a # \\\nx=y\n", 0, "2 http.proxy=a|3 http.x=y" },
        { "[http]\nproxy = a \"\"\n", 0, "2 http.proxy=a " },
        { "[http]\nproxy = a\tb\n", V244, "2 http.proxy=a b" },
        { "[http]\nproxy = a\tb\n", V245, "2 http.proxy=a\\tb" },
        { "[http]\nproxy = a\rb\n", V244, "2 http.proxy=a b" },
        { "[http]\nproxy = a\rb\r\r\n", V245, "2 http.proxy=a\\rb" },
        { "[http]\nproxy = b\\", 0, "2 http.proxy=b" },
        { "[http]\nproxy = \xFF\xFE\n", 0, "2 http.proxy=\\377\\376" },
        { "[include]\npath=~/x\n[includeIf \"gitdir:~/W/\"]\npath = y\n", 0,
          "2 include.path=~/x L|4 includeif.gitdir:~/W/.path=y L" },
        { "a = b\n", 0, "1 a=b" },
        { "[http]\nproxy : x\n", 0, "!2" },
        { "[http]\nproxy # c\n", 0, "!2" },
        { "[http]\nmy_proxy = x\n", 0, "!2" },
        { "[http]\n\n1x = x\n", 0, "!3" },
        { "[http]\nproxy = a\\x\n", 0, "!2" },
        { "[http]\nproxy = \"a\nb\"\n", 0, "!2" },
        { "[http]\nproxy = \"a", 0, "!2" },
        { "[http.https://x]\n", 0, "!1" },
        { "[http \"a\" ]\n", 0, "!1" },
        { "[http \"a\nb\"]\n", 0, "!1" },
        { "[http\n]\n", 0, "!1" },
        { "[http", 0, "!1" },
        { "[]\n", 0, "!1" },
        { "[ http]\n", 0, "!1" },
        { "\xEF\xBB[a]\n", 0, "!1" },
    };

    (void) state;
    check_read_rows (&prc_format_gitconfig, rows, G_N_ELEMENTS (rows));
}

static void
gitconfig__set__changes_no_other_byte (void **state)
{
    static const EditRow rows[] = {
        /* a new section */
        { "", 0, "http.proxy", "x", "[http]\n\tproxy = x\n" },
        { "# c", 0, "http.proxy", "x", "# c\n[http]\n\tproxy = x" },
        { "[a]\r\nk=v\r\n", 0, "http.proxy", "x", "[a]\r\nk=v\r\n[http]\r\n\tproxy = x\r\n" },
        { "", 0, "HTTP.https://X/.proxyAuthMethod", "x",
          "[http \"https://X/\"]\n\tproxyAuthMethod = x\n" },
        { "", 0, "a.b\"c\\d.k", "x", "[a \"b\\\"c\\\\d\"]\n\tk = x\n" },
        { "[a]\nk = v \\\n", 0, "http.proxy", "x", "[a]\nk = v \\\n\n[http]\n\tproxy = x\n" },
        { "[a]\nk = v \\", 0, "http.proxy", "x", "[a]\nk = v \\\n\n[http]\n\tproxy = x" },
        { "[a]\nk = v # \\\n", 0, "http.proxy", "x", "[a]\nk = v # \\\n[http]\n\tproxy = x\n" },
        /* a new line in a section that is there */
        { "[http]\n[a]\n", 0, "http.proxy", "x", "[http]\n\tproxy = x\n[a]\n" },
        { "[http] # c\n\n[a]\n", 0, "http.proxy", "x", "[http] # c\n\tproxy = x\n\n[a]\n" },
        { "[http]\n    a = b\n    # c\n[a]\n", 0, "http.proxy", "x",
          "[http]\n    a = b\n    proxy = x\n    # c\n[a]\n" },
        { "[http]\na = b", 0, "http.proxy", "x", "[http]\na = b\nproxy = x" },
        { "[http] a = b\n[a]\n", 0, "http.proxy", "x", "[http] a = b\n\tproxy = x\n[a]\n" },
        { "[http] a = b \\\n  c\n[a]\n", 0, "http.proxy", "x",
          "[http] a = b \\\n  c\n\tproxy = x\n[a]\n" },
        { "[http] a = b \\\n", 0, "http.proxy", "x", "[http] a = b \\\n\n\tproxy = x\n" },
        { "[http] [a] k = v\n", 0, "http.proxy", "x", "[http] [a] k = v\n[http]\n\tproxy = x\n" },
        { "[http.sub]\n", 0, "http.sub.proxy", "x", "[http.sub]\n\tproxy = x\n" },
        { "[http.sub]\n", 0, "http.Sub.proxy", "x", "[http.sub]\n[http \"Sub\"]\n\tproxy = x\n" },
        { "[http]\na=b\n[http]\nc=d\n[a]\n", 0, "http.proxy", "x",
          "[http]\na=b\n[http]\nc=d\nproxy = x\n[a]\n" },
        { "[http]\na=b\n[include]\npath=f\n", 0, "http.proxy", "x",
          "[http]\na=b\n[include]\npath=f\n[http]\n\tproxy = x\n" },
        { "[http]\na=b\n[includeIf \"onbranch:x\"]\npath=f\n", 0, "http.proxy", "x",
          "[http]\na=b\nproxy = x\n[includeIf \"onbranch:x\"]\npath=f\n" },
        /* in its place */
        { "[http]\n\tproxy = a ; c\n", 0, "http.proxy", "x", "[http]\n\tproxy = x ; c\n" },
        { "[http]\n\tproxy = \"a\" ; c\n", 0, "http.proxy", "x", "[http]\n\tproxy = \"x\" ; c\n" },
        { "[http]\n\tproxy = \"a\\\\\" \n", 0, "http.proxy", "x", "[http]\n\tproxy = \"x\" \n" },
        { "[http]\n\tproxy = a\"b\" c\"\" \n", 0, "http.proxy", "x", "[http]\n\tproxy = x \n" },
        { "[http]\n\tproxy = \"a\"b\"c\"\n", 0, "http.proxy", "x", "[http]\n\tproxy = x\n" },
        { "[http] proxy=a\r\n", 0, "http.proxy", "x", "[http] proxy=x\r\n" },
        { "[http]\nproxy\n", 0, "http.proxy", "x", "[http]\nproxy = x\n" },
        { "[http]\nproxy=\n", 0, "http.proxy", "x", "[http]\nproxy=x\n" },
        { "[http]\nproxy = # c\n", 0, "http.proxy", "x", "[http]\nproxy = x # c\n" },
        { "[http]\nproxy = a\n", 0, "http.proxy", "", "[http]\nproxy = \"\"\n" },
        { "[http]\nproxy = a \\\n b \\\n ; c\n", 0, "http.proxy", "x", "[http]\nproxy = x ; c\n" },
        { "[http]\nproxy = a \\\n", 0, "http.proxy", "x", "[http]\nproxy = x\n" },
        { "[http]\nproxy = a\n", 0, "http.proxy", "a;b", "[http]\nproxy = \"a;b\"\n" },
        { "[http]\nproxy = a\n", 0, "http.proxy", " a", "[http]\nproxy = \" a\"\n" },
        { "[http]\nproxy = a\n", 0, "http.proxy", "a\"\\\n\t\b\r",
          "[http]\nproxy = \"a\\\"\\\\\\n\\t\\b\r\"\n" },
        { "[http]\nproxy = a\n", 0, "http.proxy", "a", "[http]\nproxy = a\n" },
        /* duplicates: the last stays */
        { "[http]\nproxy = a\nx=y\nproxy = b # c\n", 0, "http.proxy", "x",
          "[http]\nx=y\nproxy = x # c\n" },
        { "[http]\nproxy = a\n[b]\nc=d\n[http]\nproxy = b\n", 0, "http.proxy", "x",
          "[b]\nc=d\n[http]\nproxy = x\n" },
        { "[http]\nproxy = a\n[b]\nc=d\n[http]\nproxy = b\n", 0, "http.proxy", "b",
          "[b]\nc=d\n[http]\nproxy = b\n" },
        { "", 0, "proxy", "x", "!INPUT" },
        { "", 0, "http.my_proxy", "x", "!INPUT" },
        { "", 0, "http.a\nb.proxy", "x", "!INPUT" },
    };

    (void) state;
    check_edit_rows (&prc_format_gitconfig, rows, G_N_ELEMENTS (rows));
}

static void
gitconfig__unset__takes_the_line_or_its_part (void **state)
{
    static const EditRow rows[] = {
        { "[http]\n\tproxy = a # c\n\tx = y\n", 0, "http.proxy", NULL, "[http]\n\tx = y\n" },
        { "[a]\nb=c\n[http]\n\tproxy = a # c\n", 0, "http.proxy", NULL, "[a]\nb=c\n" },
        { "[http]\n\tproxy = a\n\n[a]\nb=c\n", 0, "http.proxy", NULL, "\n[a]\nb=c\n" },
        { "[http]\n# kept\n\tproxy = a\n[a]\n", 0, "http.proxy", NULL, "[http]\n# kept\n[a]\n" },
        { "[http] # kept\n\tproxy = a\n", 0, "http.proxy", NULL, "[http] # kept\n" },
        { "[http] proxy = a # c\n[a]\n", 0, "http.proxy", NULL, "[a]\n" },
        { "[http] proxy = a # c\nx=y\n", 0, "http.proxy", NULL, "[http]\nx=y\n" },
        { "[http] proxy = a # c\r\nx=y\r\n", 0, "http.proxy", NULL, "[http]\r\nx=y\r\n" },
        { "[http] proxy = a # c", 0, "http.proxy", NULL, "" },
        { "[b] [http] proxy = a # c\n[a]\n", 0, "http.proxy", NULL, "[b]\n[a]\n" },
        { "[b] [http]\n proxy = a\n[a]\n", 0, "http.proxy", NULL, "[b]\n[a]\n" },
        { BOM "[http]\nproxy = a\n", 0, "http.proxy", NULL, BOM },
        { "[a]\nb=c\n[http]\n\tproxy = a", 0, "http.proxy", NULL, "[a]\nb=c" },
        { "[a]\r\nb=c\r\n[http]\r\n\tproxy = a", 0, "http.proxy", NULL, "[a]\r\nb=c" },
        { "[http]\nproxy=a\nproxy=b\n[a]\nb=c\n[http]\nproxy\n", 0, "http.proxy", NULL,
          "[a]\nb=c\n" },
        { "[http]\n[a]\nb=c\n[http]\nproxy=x\n", 0, "http.proxy", NULL, "[http]\n[a]\nb=c\n" },
        { "[http]\nproxy = a \\\n  b\n\tx = y\n", 0, "http.proxy", NULL, "[http]\n\tx = y\n" },
        { "[http]\nx=y\n", 0, "http.proxy", NULL, "[http]\nx=y\n" },
    };

    (void) state;
    check_edit_rows (&prc_format_gitconfig, rows, G_N_ELEMENTS (rows));
}

static void
gitconfig__add__one_more_include (void **state)
{
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc =
        parse_text (&prc_format_gitconfig, "[include]\n\tpath = a\n[x]\n\ty = z\n", 0);
    g_autoptr (PrcDocument) after = prc_document_add (doc, "include.path", "b", &error);
    g_autoptr (PrcDocument) again = NULL;
    g_autofree char *text = NULL;

    (void) state;
    assert_no_error (error);
    again = prc_document_add (after, "include.path", "a", &error);
    assert_no_error (error);
    text = text_of (again);
    assert_string_equal (text, "[include]\n\tpath = a\n\tpath = b\n[x]\n\ty = z\n");
}

static void
gitconfig__any_bytes__no_crash (void **state)
{
    GRand *rand = g_rand_new_with_seed (prc_test_seed ());

    (void) state;
    check_any_bytes (&prc_format_gitconfig, rand, prc_test_cases (30000),
                     "[[]]==\"\"\\\\\n\n\n\r\t  ##;.-htpro", "http.proxy");
    check_any_bytes (&prc_format_gitconfig, rand, prc_test_cases (30000), "[h]\n\n\n==p\\ \r\"#",
                     "h.p");
    g_rand_free (rand);
}

static void
gitconfig__huge_files__linear (void **state)
{
    (void) state;
    check_linear (&prc_format_gitconfig, "[http]\n", "proxy = x\n");
    check_linear (&prc_format_gitconfig, "", "[http]\n");
    check_linear (&prc_format_gitconfig, "[http]\nproxy = ", "x y\\\n");
    check_linear (&prc_format_gitconfig, "[http] proxy = ", "\"a\" ");
    check_linear (&prc_format_gitconfig, "", "[a] ");
}

static void
gitconfig__many_duplicates__set_and_unset_are_linear (void **state)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_autoptr (PrcDocument) doc = NULL;
    g_autoptr (PrcDocument) set = NULL;
    g_autoptr (PrcDocument) unset = NULL;
    g_autofree char *after = NULL;
    gint64 begin = 0;

    (void) state;
    for (guint i = 0; i < 100000; i++)
        g_string_append (text, "[http]\n\tproxy = x\n");
    doc = parse_text (&prc_format_gitconfig, text->str, 0);
    begin = prc_test_work ();
    set = prc_document_set (doc, "http.proxy", "y", NULL);
    after = text_of (set);
    assert_string_equal (after, "[http]\n\tproxy = y\n");
    unset = prc_document_unset (doc, "http.proxy", NULL);
    assert_int_equal (g_bytes_get_size (prc_document_bytes (unset)), 0);
    assert_true (prc_test_work () - begin < 10 * G_USEC_PER_SEC);
}

static void
gitconfig__long_names_of_sections__refused_not_multiplied (void **state)
{
    g_autoptr (GString) text = g_string_new ("[a \"");
    g_autofree char *listed = NULL;

    (void) state;
    for (guint i = 0; i < 1000000; i++)
        g_string_append_c (text, 'n');
    g_string_append (text, "\"]\n");
    for (guint i = 0; i < 100000; i++)
        g_string_append (text, "a\n");
    listed = listing (&prc_format_gitconfig, text->str, 0);
    assert_true (listed[0] == '!');
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (gitconfig__files__read_as_git_does),
        cmocka_unit_test (gitconfig__set__changes_no_other_byte),
        cmocka_unit_test (gitconfig__unset__takes_the_line_or_its_part),
        cmocka_unit_test (gitconfig__add__one_more_include),
        cmocka_unit_test (gitconfig__any_bytes__no_crash),
        cmocka_unit_test (gitconfig__huge_files__linear),
        cmocka_unit_test (gitconfig__many_duplicates__set_and_unset_are_linear),
        cmocka_unit_test (gitconfig__long_names_of_sections__refused_not_multiplied),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}

#include "test.h"

#include "formats/edit-check.h"

#define FORMAT "libconfig"

#define TWO                                                                                        \
    "active = \"office\";\n"                                                                       \
    "profiles = (\n"                                                                               \
    "  # at work\n"                                                                                \
    "  {\n"                                                                                        \
    "    name = \"office\";\n"                                                                     \
    "    http = \"http://proxy:3128\"; // the old one\n"                                           \
    "    no_proxy = [ \"a\", \"b\" ];\n"                                                           \
    "  },\n"                                                                                       \
    "  # elsewhere\n"                                                                              \
    "  {\n"                                                                                        \
    "    name = \"home\"\n"                                                                        \
    "  } # last\n"                                                                                 \
    ");\n"

static void
libconfig__files__entries_as_libconfig_reads (void **state)
{
    static const struct {
        const char *text, *summary;
    } rows[] = {
        { "", "" },
        { "# only a comment\n", "" },
        { "a = 1", "1 a=1" },
        { "a = 1 b = 0x1F, c = 12L; d = -1.5e3\n\ne = TRUE",
          "1 a=1 | 1 b=31 | 1 c=12 | 1 d=-1.5e3 | 3 e=true" },
        { "a = \"x\" /* c */\n \"y\";", "1 a=xy" },
        { "a = \"\\\\ \\\" \\n\\t\\x41\\q\";", "1 a=\\ \" \n\tA\\q" },
        { "g = { h = { i = 1; }; j = []; };", "1 g.h.i=1 | 1 g.j=" },
        { "l = (1, \"x\", [1,2], { k = true }, (3));",
          "1 l.0=1 [e] | 1 l.1=x [e] | 1 l.2=1,2 [e] | 1 l.3=? [le] | 1 l.3.k=true | 1 l.4=? [le] "
          "| 1 l.4.0=3 [e]" },
        { "@include \"x y\"\na = 1;", "1 @include=x y [l] | 2 a=1" },
        { "a = 1; /* never closed", "1 a=1" },
        { "a = 1; \"never closed", "1 a=1" },
        { TWO, "1 active=office | 4 profiles.0=? [le] | 5 profiles.0.name=office | 6 "
               "profiles.0.http=http://proxy:3128 | 7 profiles.0.no_proxy=a,b | 10 profiles.1=? "
               "[le] | 11 profiles.1.name=home" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)

        check_entries (FORMAT, rows[i].text, rows[i].summary);
}

static void
libconfig__broken_files__refused_with_their_line (void **state)
{
    static const struct {
        const char *text;
        guint line;
    } rows[] = {
        { "a", 1 },
        { "a =\n", 2 },
        { "a = 1;\nb = x;", 2 },
        { "a = 1;;", 1 },
        { "a = 1;\n\na = 2;", 3 },
        { "g = { a = 1; };\n}", 2 },
        { "g = {\n a = 1;\n", 3 },
        { "a = (1,\n2,\n);", 3 },
        { "a = [1, \"x\"];", 1 },
        { "a = [{}];", 1 },
        { "a = 1 # no newline", 1 },
        { "a = \"x\n\ny\";\nb = ?;", 4 },
        { "true = 1", 1 },
        { "a.b = 1", 1 },
        { "a = 99999999999999999999", 1 },
        { "a = 1; @include \"x\"", 1 },
        { "a = (\n@include \"x\"\n)", 2 },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_error (FORMAT, rows[i].text, rows[i].line);
}

static void
libconfig__set__only_the_value_changes (void **state)
{
    static const struct {
        const char *before, *key, *value, *after;
    } rows[] = {
        { "a = \"x\"; # c\n", "a", "y", "a = \"y\"; # c\n" },
        { "a = \"x\" \"y\";", "a", "q\"\\\n\x01\xff", "a = \"q\\\"\\\\\\n\\x01\xff\";" },
        { "a = 1;", "a", "25", "a = 25;" },
        { "a = 1;", "a", "x", "a = \"x\";" },
        { "a = 0x10;", "a", "017", "a = \"017\";" },
        { "a = 1L;", "a", "2", "a = 2L;" },
        { "a = true", "a", "false", "a = false" },
        { "a = 1.5", "a", "2.5", "a = 2.5" },
        { "a = \"1\"", "a", "2", "a = \"2\"" },
        { "a = [\"x\"];", "a", "x,y", "a = [\"x\", \"y\"];" },
        { "a = [ \"x\" ];", "a", "x,y", "a = [ \"x\", \"y\" ];" },
        { "a = [\n  \"x\",\n  \"y\"\n];", "a", "p,q,r", "a = [\n  \"p\",\n  \"q\",\n  \"r\"\n];" },
        { "a = [1, 2]", "a", "3,4,5", "a = [3, 4, 5]" },
        { "a = [1, 2]", "a", "3,x", "a = [\"3\", \"x\"]" },
        { "a = [];", "a", "x", "a = [\"x\"];" },
        { "a = [\"x\"];", "a", "", "a = [];" },
        { "a = {};", "a", "x", NULL },
        { "a = ({});", "a.0", "x", NULL },
        { "@include \"x\"\n", "@include", "y\"", "@include \"y\\\"\"\n" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_edit (FORMAT, rows[i].before, rows[i].key, rows[i].value, rows[i].after);
}

static void
libconfig__insert__laid_out_like_its_siblings (void **state)
{
    static const struct {
        const char *before, *key, *value, *after;
    } rows[] = {
        { "", "active", "x", "active = \"x\";\n" },
        { "# c\n", "active", "x", "# c\nactive = \"x\";\n" },
        { "# c\r\n", "active", "x", "# c\r\nactive = \"x\";\r\n" },
        { "a = 1;", "b", "x", "a = 1;\nb = \"x\";" },
        { "a=1 // c\n\n# end\n", "b", "x", "a=1 // c\nb=\"x\"\n\n# end\n" },
        { "a: 1,\n", "b", "x", "a: 1,\nb: \"x\",\n" },
        { "/* open", "b", "x", "b = \"x\";\n/* open" },
        { "a = 1; /* open", "b", "x", "a = 1; b = \"x\"; /* open" },
        { "g = { };", "g.b", "x", "g = { b = \"x\"; };" },
        { "g = {};", "g.b", "x", "g = { b = \"x\"; };" },
        { "g = { # c\n  # d\n};", "g.b", "x", "g = { # c\n  b = \"x\";\n  # d\n};" },
        { "g = { a = 1; };", "g.b", "x", "g = { a = 1; b = \"x\"; };" },
        { "g = { a = 1 };", "g.b", "x", "g = { a = 1; b = \"x\"; };" },
        { "g = {\n\ta = 1;\n};\n", "g.b", "x", "g = {\n\ta = 1;\n\tb = \"x\";\n};\n" },
        { "g = {\n\ta = 1;\n};\n", "h.b", "x", "g = {\n\ta = 1;\n};\nh = {\n\tb = \"x\";\n};\n" },
        { "", "profiles.0.name", "x", "profiles = (\n  {\n    name = \"x\";\n  }\n);\n" },
        { "profiles = ();\n", "profiles.0.name", "x",
          "profiles = (\n  {\n    name = \"x\";\n  }\n);\n" },
        { "profiles = (\n  # none yet\n);\n", "profiles.0.name", "x",
          "profiles = (\n  # none yet\n  {\n    name = \"x\";\n  }\n);\n" },
        { "profiles = ( { name = \"a\"; } );\n", "profiles.1.name", "x",
          "profiles = ( { name = \"a\"; }, { name = \"x\"; } );\n" },
        { "profiles = (\r\n\t{ name = \"a\"; }\r\n);\r\n", "profiles.1.name", "x",
          "profiles = (\r\n\t{ name = \"a\"; },\r\n\t{ name = \"x\"; }\r\n);\r\n" },
        { "p = ({\n  name = \"a\";\n});\n", "p.1.name", "x",
          "p = ({\n  name = \"a\";\n}, {\n  name = \"x\";\n});\n" },
        { "l = (1)", "l.1", "x", "l = (1, \"x\")" },
        { "l = (1)", "l.2", "x", NULL },
        { "l = (1)", "l.x", "x", NULL },
        { "l = [1]", "l.1", "x", NULL },
        { "a = 1", "a.b", "x", NULL },
        { "", "p.1.name", "x", NULL },
        { "", "true", "x", NULL },
        { "", "a..b", "x", NULL },
        { "", "a b", "x", NULL },
        { "a = 1;", "@include", "x", "a = 1;\n@include \"x\"" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_edit (FORMAT, rows[i].before, rows[i].key, rows[i].value, rows[i].after);
    check_edit (FORMAT, TWO, "profiles.2.name", "x",
                "active = \"office\";\nprofiles = (\n  # at work\n  {\n    name = \"office\";\n"
                "    http = \"http://proxy:3128\"; // the old one\n"
                "    no_proxy = [ \"a\", \"b\" ];\n  },\n  # elsewhere\n  {\n    name = \"home\"\n"
                "  }, # last\n  {\n    name = \"x\";\n  }\n);\n");
    check_edit (FORMAT, TWO, "profiles.1.user", "x",
                "active = \"office\";\nprofiles = (\n  # at work\n  {\n    name = \"office\";\n"
                "    http = \"http://proxy:3128\"; // the old one\n"
                "    no_proxy = [ \"a\", \"b\" ];\n  },\n  # elsewhere\n  {\n    name = \"home\"\n"
                "    user = \"x\"\n  } # last\n);\n");
}

static void
libconfig__unset__takes_its_bytes_and_no_others (void **state)
{
    static const struct {
        const char *before, *key, *after;
    } rows[] = {
        { "a = 1;\nb = 2;\n", "a", "b = 2;\n" },
        { "a = 1;\nb = 2;", "b", "a = 1;" },
        { "a = 1; # c\nb = 2;", "b", "a = 1; # c\n" },
        { "g = { a = 1; b = 2; };", "g.b", "g = { a = 1; };" },
        { "g = { a = 1; b = 2; };", "g.a", "g = { b = 2; };" },
        { "g = {a=1 b=2 c=3};", "g.b", "g = {a=1 c=3};" },
        { "l = (1, 2, 3)", "l.0", "l = (2, 3)" },
        { "l = (1, 2, 3)", "l.1", "l = (1, 3)" },
        { "l = (1, 2, 3)", "l.2", "l = (1, 2)" },
        { "l = (1)", "l.0", "l = ()" },
        { "p = ( { n = \"a\"; }, { n = \"b\"; } );", "p.1", "p = ( { n = \"a\"; } );" },
        { "p = ( { n = \"a\"; }, { n = \"b\"; } );", "p.0", "p = ( { n = \"b\"; } );" },
        { "@include \"x\"\na = 1;\n", "@include", "a = 1;\n" },
        { "a = 1;", "b", "a = 1;" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        check_edit (FORMAT, rows[i].before, rows[i].key, NULL, rows[i].after);
    check_edit (FORMAT, TWO, "profiles.0", NULL,
                "active = \"office\";\nprofiles = (\n  # at work\n  # elsewhere\n  {\n"
                "    name = \"home\"\n  } # last\n);\n");
    check_edit (FORMAT, TWO, "profiles.1", NULL,
                "active = \"office\";\nprofiles = (\n  # at work\n  {\n    name = \"office\";\n"
                "    http = \"http://proxy:3128\"; // the old one\n"
                "    no_proxy = [ \"a\", \"b\" ];\n  }\n  # elsewhere\n);\n");
    check_edit (FORMAT, TWO, "profiles.0.http", NULL,
                "active = \"office\";\nprofiles = (\n  # at work\n  {\n    name = \"office\";\n"
                "    no_proxy = [ \"a\", \"b\" ];\n  },\n  # elsewhere\n  {\n    name = \"home\"\n"
                "  } # last\n);\n");
}

static void
libconfig__deep_or_huge__refused_or_fast (void **state)
{
    g_autoptr (GString) deep = g_string_new ("a=");
    g_autoptr (GString) wide = g_string_new ("a=(");
    g_autoptr (GString) names = g_string_new ("g={");
    g_autoptr (PrcDocument) doc = NULL;
    gint64 start = prc_test_work ();

    (void) state;
    for (guint i = 0; i < 30000; i++)
        g_string_append_c (deep, '(');
    check_error (FORMAT, deep->str, 1);
    for (guint i = 0; i < 30000; i++)
        g_string_append (wide, "\"x\" \"y\",");
    g_string_append (wide, "1)");
    doc = check_parse (FORMAT, wide->str);
    assert_int_equal (prc_document_entries (doc)->len, 30001);
    {
        g_autofree char *long_name = g_strnfill (200000, 'g');

        g_string_prepend (names, long_name);
    }
    for (guint i = 0; i < 20000; i++)
        g_string_append_printf (names, "a%u=1;", i);
    g_string_append_c (names, '}');
    check_error (FORMAT, names->str, 1);
    assert_true (prc_test_work () - start < 5 * G_USEC_PER_SEC);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (libconfig__files__entries_as_libconfig_reads),
        cmocka_unit_test (libconfig__broken_files__refused_with_their_line),
        cmocka_unit_test (libconfig__set__only_the_value_changes),
        cmocka_unit_test (libconfig__insert__laid_out_like_its_siblings),
        cmocka_unit_test (libconfig__unset__takes_its_bytes_and_no_others),
        cmocka_unit_test (libconfig__deep_or_huge__refused_or_fast),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}

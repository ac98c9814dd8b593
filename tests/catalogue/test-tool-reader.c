#include "test.h"

#include "catalogue/catalogue.h"
#include "catalogue/tool-reader.h"

#define GOOD                                                                                       \
    "name = \"x\";\nsummary = \"an x\";\nurl = { schemes = [ \"http\" ]; default_port = 80; };\n"  \
    "keys = ( { role = \"all\"; key = \"proxy\"; write = \"always\"; } );\n"                       \
    "files = ( { scope = \"user\"; format = \"npmrc\"; path = \"~/.xrc\"; create = true; } );\n"

static char *
write_file (const char *dir, const char *name, const char *text)
{
    char *path = g_build_filename (dir, name, NULL);

    assert_true (g_file_set_contents (path, text, -1, NULL));
    return path;
}

static void
tool_reader__good_file__all_of_it_read (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *path = write_file (dir, "x.cfg", GOOD);
    GError *error = NULL;
    g_autoptr (PrcTool) tool = prc_tool_read (path, &error);
    const PrcToolKey *key = NULL;

    (void) state;
    assert_no_error (error);
    assert_string_equal (tool->name, "x");
    assert_int_equal (tool->url.schemes, 1u << PRC_PROXY_HTTP);
    assert_int_equal (tool->url.default_port, 80);
    assert_int_equal (tool->url.default_port_https, 443);
    key = prc_tool_find_key (tool, "proxy");
    assert_int_equal (key->role, PRC_ROLE_ALL);
    assert_int_equal (key->write, PRC_WRITE_ALWAYS);
    assert_null (prc_tool_find_key (tool, "other"));
    prc_test_dir_remove (dir);
}

/* What is wrong is said with its line; what is misspelt is never ignored. */
static void
tool_reader__wrong_file__error_with_line (void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        { "name = \"x\"\nsummary = ;\n", ":2: " },
        { GOOD "sumary = \"y\";\n", ":6: there is no setting “sumary”" },
        { "order = 1;\nname = \"y\";\nsummary = \"s\";\nurl = { schemes = [ \"http\" ]; "
          "default_port = 80; };\nkeys = ();\nfiles = ();\n",
          ":2: the tool “y” must be described in a file y.cfg" },
        { "name = 3;\n", ":1: name must be a string" },
        { "name = \"\";\n", ":1: name must be a string" },
        { "name = \"x\";\nsummary = \"s\";\n", "url is missing" },
        { "name = \"x\";\nsummary = \"s\";\nurl = { schemes = [ \"gopher\" ]; default_port = 80; "
          "};\nkeys = ();\nfiles = ();\n",
          ":3: schemes must be of: http, " },
        { "name = \"x\";\nsummary = \"s\";\nurl = { schemes = [ \"http\" ]; default_port = 99999; "
          "};\nkeys = ();\nfiles = ();\n",
          ":3: default_port must be a number from 1 to 65535" },
        { "name = \"x\";\nsummary = \"s\";\nurl = { schemes = [ \"http\" ]; default_port = 80; "
          "};\nkeys = (\n { role = \"proxy\"; key = \"k\"; });\nfiles = ();\n",
          ":5: role must be of: http" },
        { "name = \"x\";\nsummary = \"s\";\nurl = { schemes = [ \"http\" ]; default_port = 80; "
          "};\nkeys = (\n { role = \"http\"; key = \"a.*.*\"; });\nfiles = ();\n",
          ":5: a key can have one *" },
        { "name = \"x\";\nsummary = \"s\";\nurl = { schemes = [ \"http\" ]; default_port = 80; "
          "};\nkeys = (\n { role = \"http\"; key = \"a.*\"; write = \"always\"; });\nfiles = ();\n",
          ":5: a key with *" },
        { "name = \"x\";\nsummary = \"s\";\nurl = { schemes = [ \"http\" ]; default_port = 80; "
          "};\nkeys = ();\nfiles = ( { scope = \"user\";\nformat = \"none\"; path = \"~/x\"; } "
          ");\n",
          ":6: there is no such format" },
        { "name = \"x\";\nsummary = \"s\";\nurl = { schemes = [ \"http\" ]; default_port = 80; "
          "};\nkeys = ();\nfiles = (\n{ scope = \"user\"; format = \"npmrc\"; path = \"x/y\"; } "
          ");\n",
          ":6: path must begin" },
        { "name = \"x\";\nsummary = \"s\";\nurl = { schemes = [ \"http\" ]; default_port = 80; "
          "};\nkeys = ();\nfiles = (\n{ scope = \"project\"; format = \"npmrc\"; path = \"~/y\"; } "
          ");\n",
          ":6: a file of a project has a name" },
    };

    (void) state;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        char *dir = prc_test_dir_new ();
        g_autofree char *path = write_file (dir, "x.cfg", rows[i].text);
        g_autoptr (GError) error = NULL;
        g_autoptr (PrcTool) tool = prc_tool_read (path, &error);

        assert_null (tool);
        assert_error (error, PRC_ERROR_INPUT);
        assert_true (g_str_has_prefix (error->message, path));
        if (strstr (error->message, rows[i].message) == NULL)
            fail_msg ("“%s” is not in: %s", rows[i].message, error->message);
        prc_test_dir_remove (dir);
    }
}

static void
catalogue__later_folder__replaces_the_tool (void **state)
{
    char *a = prc_test_dir_new (), *b = prc_test_dir_new ();
    g_autofree char *one = write_file (a, "x.cfg", GOOD);
    g_autofree char *two = write_file (b, "x.cfg", "order = 3;\n" GOOD);
    g_autofree char *other = write_file (b, "notes.txt", "not a data file");
    const char *folders[] = { a, "/nonexistent", b, NULL };
    GError *error = NULL;
    PrcCatalogue *catalogue = prc_catalogue_load (folders, NULL, &error);

    (void) state;
    (void) other;
    assert_no_error (error);
    assert_int_equal (catalogue->len, 1);
    assert_string_equal (prc_catalogue_find (catalogue, "x")->origin, two);
    assert_null (prc_catalogue_find (catalogue, "y"));
    assert_non_null (one);
    prc_catalogue_free (catalogue);
    prc_test_dir_remove (a);
    prc_test_dir_remove (b);
}

static void
catalogue__shipped__has_the_tools_in_order (void **state)
{
    static const char *const names[] = { "env", "git", "npm", "pip", "curl", "wget" };
    const char *folders[] = { PRC_TEST_TOOLS_DIR, NULL };
    GError *error = NULL;
    PrcCatalogue *catalogue = prc_catalogue_load (folders, NULL, &error);

    (void) state;
    assert_no_error (error);
    assert_int_equal (catalogue->len, G_N_ELEMENTS (names));
    for (guint i = 0; i < catalogue->len; i++) {
        const PrcTool *tool = g_ptr_array_index (catalogue, i);

        assert_string_equal (tool->name, names[i]);
        assert_true (tool->files->len > 0);
        assert_true (tool->keys->len > 0);
    }
    prc_catalogue_free (catalogue);
}

static void
catalogue__nothing__says_so (void **state)
{
    const char *folders[] = { "/nonexistent", NULL };
    g_autoptr (GError) error = NULL;

    (void) state;
    assert_null (prc_catalogue_load (folders, NULL, &error));
    assert_error (error, PRC_ERROR_NOT_FOUND);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (tool_reader__good_file__all_of_it_read),
        cmocka_unit_test (tool_reader__wrong_file__error_with_line),
        cmocka_unit_test (catalogue__later_folder__replaces_the_tool),
        cmocka_unit_test (catalogue__shipped__has_the_tools_in_order),
        cmocka_unit_test (catalogue__nothing__says_so),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}

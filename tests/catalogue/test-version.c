#include "test.h"

#include <stdio.h>

#include "catalogue/catalogue.h"
#include "catalogue/version.h"
#include "formats/document.h"

static guint
version_in_output (const char *program, const char *before)
{
    const char *argv[] = { program, "--version", NULL };
    g_autoptr (GBytes) output = NULL;
    g_autofree char *text = NULL;
    const char *at = NULL;
    guint a = 0, b = 0, c = 0;

    if (prc_test_run (argv, NULL, "/", NULL, &output, NULL) != 0)
        return 0;
    text = g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
    at = strstr (text, before);
    return at != NULL && sscanf (at + strlen (before), "%u.%u.%u", &a, &b, &c) >= 2
               ? PRC_TOOL_VERSION (a, b, c)
               : 0;
}

/* Without running it we must say what it says itself, or nothing. */
static void
version__installed_tools__what_they_say_themselves (void **state)
{
    static const struct {
        const char *tool, *program, *before;
        gboolean needed;
    } rows[] = {
        { "curl", "curl", "libcurl/", TRUE },
        { "npm", "npm", "", TRUE },
        { "pip", "pip", "pip ", FALSE },
    };
    const char *folders[] = { PRC_TEST_TOOLS_DIR, NULL };
    GError *error = NULL;
    PrcCatalogue *catalogue = prc_catalogue_load (folders, NULL, &error);
    PrcPlace place = { g_strdup ("/nonexistent"), g_strdup (""), g_strdup ("bash"),
                       g_get_environ () };

    (void) state;
    assert_no_error (error);
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autofree char *program = prc_test_tool (rows[i].program);
        guint ours = 0;

        if (program == NULL)
            continue;
        ours = prc_tool_version (prc_catalogue_find (catalogue, rows[i].tool), &place);
        if (rows[i].needed || ours != 0)
            assert_int_equal (ours, version_in_output (rows[i].program, rows[i].before));
    }
    prc_place_clear (&place);
    prc_catalogue_free (catalogue);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (version__installed_tools__what_they_say_themselves),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}

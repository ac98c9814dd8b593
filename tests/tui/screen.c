#include "test.h"

#include "screen.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

TestScreen *
test_screen_new (void)
{
    static const char *const gone[] = {
        "http_proxy",     "https_proxy", "all_proxy",         "no_proxy",
        "HTTP_PROXY",     "HTTPS_PROXY", "ALL_PROXY",         "NO_PROXY",
        "CURL_HOME",      "PIP_CERT",    "XDG_CONFIG_HOME",   "XDG_DATA_HOME",
        "XDG_STATE_HOME", "NO_COLOR",    "GIT_CONFIG_GLOBAL", "npm_config_userconfig",
        "PIP_CONFIG_FILE"
    };
    TestScreen *screen = g_new0 (TestScreen, 1);

    for (gsize i = 0; i < G_N_ELEMENTS (gone); i++)
        g_unsetenv (gone[i]);
    g_setenv ("PROXYRC_TOOLS_DIR", PRC_TEST_TOOLS_DIR, TRUE);
    (void) setlocale (LC_ALL, "");
    g_setenv ("SHELL", "/bin/bash", TRUE);
    screen->root = prc_test_dir_new ();
    screen->home = g_build_filename (screen->root, "home", "jdoe", NULL);
    assert_int_equal (g_mkdir_with_parents (screen->home, 0700), 0);
    screen->grid = prc_grid_new (1, 1);
    screen->edited = g_string_new (NULL);
    return screen;
}

void
test_screen_free (TestScreen *screen)
{
    prc_ui_free (screen->ui);
    prc_grid_free (screen->grid);
    g_string_free (screen->edited, TRUE);
    prc_test_dir_remove (screen->root);
    g_free (screen->home);
    g_free (screen);
}

static char *
path_of (const TestScreen *screen, const char *path)
{
    return g_build_filename (*path == '/' ? screen->root : screen->home, path, NULL);
}

void
test_put (const TestScreen *screen, const char *path, const char *text)
{
    g_autofree char *full = path_of (screen, path);
    g_autofree char *folder = g_path_get_dirname (full);

    assert_int_equal (g_mkdir_with_parents (folder, 0700), 0);
    assert_true (
        g_file_set_contents_full (full, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL));
}

char *
test_get (const TestScreen *screen, const char *path)
{
    g_autofree char *full = path_of (screen, path);
    char *text = NULL;

    (void) g_file_get_contents (full, &text, NULL, NULL);
    return text;
}

static void
suspend (gpointer data)
{
    ((TestScreen *) data)->n_suspended++;
}

static gboolean
edit_file (gpointer data, const char *path, guint line, GError **error)
{
    TestScreen *screen = data;

    (void) error;
    g_string_append_printf (screen->edited, "%s:%u\n", path + strlen (screen->home) + 1, line);
    return TRUE;
}

void
test_start (TestScreen *screen, int width, int height)
{
    PrcUiOptions options = {
        .session = { .home = screen->home, .root = screen->root },
        .theme = { PRC_SCHEME_256, screen->glyphs },
        .suspend = suspend,
        .edit_file = edit_file,
        .data = screen,
    };

    screen->ui = prc_ui_new (&options);
    prc_ui_resize (screen->ui, width, height);
    test_settle (screen);
}

void
test_settle (TestScreen *screen)
{
    while (prc_ui_is_busy (screen->ui) && !prc_ui_is_asking (screen->ui))
        (void) g_main_context_iteration (NULL, TRUE);
    while (g_main_context_iteration (NULL, FALSE))
        ;
    prc_ui_draw (screen->ui, screen->grid);
}

static void
press (TestScreen *screen, PrcKey key)
{
    PrcEvent event = { .type = PRC_EVENT_KEY, .key = key };

    assert_true (key != PRC_KEY_NONE);
    prc_ui_event (screen->ui, &event);
    test_settle (screen);
}

void
test_type (TestScreen *screen, const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char (text))
        press (screen, g_utf8_get_char (text));
}

void
test_keys (TestScreen *screen, const char *keys)
{
    g_auto (GStrv) names = g_strsplit (keys, " ", -1);

    for (char **name = names; *name != NULL; name++) {
        if (**name == '\'' && (*name)[1] != '\0') {
            g_strdelimit (*name, "_", ' ');
            test_type (screen, *name + 1);
        } else if (**name != '\0') {
            press (screen, prc_key_parse (*name));
        }
    }
}

void
test_paste (TestScreen *screen, const char *text)
{
    PrcEvent event = { .type = PRC_EVENT_PASTE, .text = g_strdup (text) };

    prc_ui_event (screen->ui, &event);
    prc_event_clear (&event);
    test_settle (screen);
}

void
test_mouse (TestScreen *screen, PrcEventType type, int x, int y, int amount)
{
    PrcEvent event = { .type = type, .x = x, .y = y, .amount = amount };

    prc_ui_event (screen->ui, &event);
    test_settle (screen);
}

char *
test_dump (TestScreen *screen, gboolean looks)
{
    g_autoptr (GString) text = g_string_new (NULL);
    g_autofree char *dump = prc_grid_dump (screen->grid, looks);
    int x = 0, y = 0;

    g_string_append (text, dump);
    (void) g_string_replace (text, screen->root, "", 0);
    if (prc_grid_cursor (screen->grid, &x, &y))
        g_string_append_printf (text, "cursor %d,%d\n", x, y);
    else
        g_string_append (text, "no cursor\n");
    return g_strdup (text->str);
}

static char *
without_chance (const char *shown)
{
    static const struct {
        const char *pattern, *always;
    } rows[] = {
        { "20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}", "2026-01-02 03:04" },
        { "127\\.0\\.0\\.1:[0-9]{5}", "127.0.0.1:54321" },
        { "127\\.0\\.0\\.1 port [0-9]{5}", "127.0.0.1 port 54321" },
        { "\\b[0-9] ms( |$)", "12 ms" },
        { "\\b[0-9]{2} ms", "12 ms" },
        { "\\b[0-9]{3} ms(?= )", "12 ms " },
        { "\\b[0-9]{4} ms(?= )", "12 ms  " },
        { "\\b[0-9]+ ms$", "12 ms" },
        { "20[0-9]{6}-[0-9]{6}", "20260102-030405" },
    };
    char *text = g_strdup (shown);

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        g_autoptr (GRegex) regex = g_regex_new (rows[i].pattern, G_REGEX_MULTILINE, 0, NULL);
        char *next = g_regex_replace_literal (regex, text, -1, 0, rows[i].always, 0, NULL);

        g_free (text);
        text = next;
    }
    return text;
}

void
test_golden (TestScreen *screen, const char *name)
{
    g_autofree char *base = g_strconcat (name, ".txt", NULL);
    g_autofree char *path = g_build_filename (PRC_TEST_GOLDENS, base, NULL);
    g_autofree char *dump = test_dump (screen, FALSE);
    g_autofree char *shown = without_chance (dump);
    g_autofree char *wanted = NULL;

    if (g_getenv ("PRC_TEST_REGENERATE") != NULL) {
        assert_true (g_file_set_contents (path, shown, -1, NULL));
        return;
    }
    if (!g_file_get_contents (path, &wanted, NULL, NULL))
        fail_msg ("%s: no golden; PRC_TEST_REGENERATE=1 makes it", path);
    if (strcmp (shown, wanted) != 0)
        fail_msg ("%s differs. Wanted:\n%s\nShown:\n%s", name, wanted, shown);
}

void
test_goldens (TestScreen *screen, const char *name)
{
    static const struct {
        int width, height;
    } sizes[] = { { 80, 24 }, { 120, 40 }, { 40, 12 }, { 20, 5 } };

    for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
        g_autofree char *golden =
            g_strdup_printf ("%s-%dx%d", name, sizes[i].width, sizes[i].height);

        prc_ui_resize (screen->ui, sizes[i].width, sizes[i].height);
        test_settle (screen);
        test_golden (screen, golden);
        test_see_no (screen, "s3cret");
        test_see_no (screen, "t0psecret");
    }
}

void
test_see_at (TestScreen *screen, const char *text, gboolean is_wanted, const char *file, int line)
{
    g_autofree char *shown = test_dump (screen, FALSE);

    if ((strstr (shown, text) != NULL) != is_wanted)
        fail_msg ("%s:%d: “%s” is %son the screen:\n%s", file, line, text, is_wanted ? "not " : "",
                  shown);
}

/* screens.c - shows every view, dialog and form in many sizes, in one language: screens LOCALES
 * LANGUAGE. Prints the screens; test-screens.py looks at them. */
#include "test.h"

#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "screen.h"
#include "tui/ui-private.h"

static const struct {
    int width, height;
} sizes[] = { { 80, 24 }, { 60, 20 }, { 132, 40 }, { 40, 12 }, { 20, 5 } };

/** What is pressed, and how often "Down" after it: a form says something about each field. */
static const struct {
    const char *name;
    gboolean has_profiles;
    const char *keys;
    guint n_fields;
} stories[] = {
    { "start", FALSE, "", 3 },
    { "new profile", FALSE, "Enter", 16 },
    { "new profile, empty", FALSE, "Down Enter C-s", 1 },
    { "new profile, wrong", FALSE, "Down Enter Down 'nonsense C-s", 0 },
    { "overview, no profile", FALSE, "Down Down Enter", 4 },
    { "new profile, left", FALSE, "Down Enter 'x Esc", 0 },
    { "overview", TRUE, "", 12 },
    { "overview, open", TRUE, "z", 16 },
    { "palette", TRUE, ":", 12 },
    { "palette, word", TRUE, ": 'pro", 0 },
    { "search in vain", TRUE, "/ 'nowhere", 0 },
    { "search", TRUE, "/ 'nowhere Enter", 0 },
    { "filter in vain", TRUE, "f 'nowhere Enter", 0 },
    { "profiles", TRUE, "p", 3 },
    { "profile", TRUE, "p e", 16 },
    { "profile, left", TRUE, "p e 'x Esc", 0 },
    { "profile, removed", TRUE, "p Down d", 0 },
    { "profile, used", TRUE, "p Down s", 0 },
    { "import", TRUE, "I", 6 },
    { "direct", TRUE, "0", 4 },
    { "login", TRUE, "L", 8 },
    { "login, empty", TRUE, "L C-s", 0 },
    { "login, vault", TRUE, "L 'joe Down 'password Down Space Down Space Space C-s", 0 },
    { "login, vault, differs", TRUE,
      "L 'joe Down 'password Down Space Down Space Space C-s 'a Enter 'b Enter", 0 },
    { "password", TRUE, "P", 8 },
    { "password, empty", TRUE, "P C-s", 0 },
    { "setting", TRUE, "/ 'gitconfig Enter Enter", 0 },
    { "setting, edited", TRUE, "/ 'gitconfig Enter e", 0 },
    { "setting, removed", TRUE, "/ 'gitconfig Enter Enter d", 0 },
    { "route", TRUE, "R C-u 'http://origin.example/ Enter", 6 },
    { "route, open", TRUE, "R C-u 'http://origin.example/ Enter z", 10 },
    { "route, asked", TRUE, "R", 0 },
    { "plan", TRUE, "a", 6 },
    { "plan, open", TRUE, "a z", 8 },
    { "plan, asked", TRUE, "a w", 0 },
    { "plan, written", TRUE, "a w y", 0 },
    { "history, empty", TRUE, "H", 0 },
    { "history", TRUE, "a w y H", 3 },
    { "history, open", TRUE, "a w y H z", 4 },
    { "undo", TRUE, "a w y H u", 2 },
    { "undo, asked", TRUE, "a w y H u w", 0 },
    { "doctor", TRUE, "D", 10 },
    { "doctor, remedy", TRUE, "D m", 0 },
    { "check", TRUE, "c", 4 },
    { "help", TRUE, "?", 0 },
    { "help, of a form", TRUE, "L F1", 0 },
    { "explain", TRUE, "i", 0 },
    { "explain, topics", TRUE, "i i", 4 },
};

static void
put_files (TestScreen *screen, gboolean has_profiles)
{
    test_put (screen, ".gitconfig",
              "[user]\n\tname = J\n[http]\n\tproxy = http://jdoe:s3cret@old.example:8080\n"
              "\tsslVerify = false\n");
    test_put (screen, ".npmrc", "# mine\nproxy=http://proxy.example:3128\n_authToken=t0psecret\n");
    test_put (screen, ".curlrc", "proxy = http://jdoe:s3cret@old.example:8080\n");
    test_put (screen, ".bashrc",
              "export http_proxy=$(cat ~/.proxy)\nexport https_proxy=http://127.0.0.1:1\n");
    test_put (screen, ".wgetrc", "http_proxy = nonsense\n");
    if (has_profiles)
        test_put (screen, ".config/proxyrc/proxyrc.cfg",
                  "profiles = (\n"
                  "  { name = \"office\"; http = \"http://127.0.0.1:1\"; https = "
                  "\"http://127.0.0.1:1\";\n"
                  "    no_proxy = \"localhost,.example\"; },\n"
                  "  { name = \"labor\"; http = \"http://lab.example:80\"; https = "
                  "\"https://lab.example:443\"; } );\n"
                  "active = \"office\";\n");
}

static void
print_rect (const char *name, PrcRect rect)
{
    printf (" %s=%d,%d,%d,%d", name, rect.x, rect.y, rect.width, rect.height);
}

/* First what is where, then the rows. A grid has no line that is too long, so that its width tells
 * nothing; what was cut is seen by its missing end. */
static void
print_screen (TestScreen *screen, const char *name, guint step, int width, int height)
{
    g_autofree char *shown = NULL;
    PrcLayout layout;

    prc_ui_resize (screen->ui, width, height);
    test_settle (screen);
    prc_ui_recalc (screen->ui, &layout);
    shown = prc_grid_dump (screen->grid, FALSE);
    printf ("\f%s +%u %dx%d", name, step, width, height);
    print_rect ("title", layout.title);
    print_rect ("head", layout.head);
    print_rect ("body", layout.body);
    print_rect ("detail", layout.detail);
    if (screen->ui->message != NULL) /* on small screens it stands over the hints */
        print_rect ("message", layout.message);
    print_rect ("hints", layout.hints);
    printf (" dialogs=%u prompt=%d message=%d\n%s", screen->ui->dialogs->len,
            screen->ui->prompt.kind != PRC_PROMPT_NONE, screen->ui->message != NULL, shown);
}

static void
tell (gsize number)
{
    TestScreen *screen = test_screen_new ();

    put_files (screen, stories[number].has_profiles);
    test_start (screen, 80, 24);
    test_keys (screen, stories[number].keys);
    for (guint step = 0; step <= stories[number].n_fields; step++) {
        for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
            print_screen (screen, stories[number].name, step, sizes[i].width, sizes[i].height);
        if (screen->ui->dialogs->len > 0)
            break;
        prc_ui_resize (screen->ui, sizes[0].width, sizes[0].height);
        test_settle (screen);
        test_keys (screen, "Down");
    }
    test_screen_free (screen);
}

int
main (int argc, char **argv)
{
    if (argc != 3) {
        fprintf (stderr, "use: screens LOCALES LANGUAGE\n");
        return 2;
    }
    g_setenv ("LANGUAGE", argv[2], TRUE);
    (void) bindtextdomain (PRC_TEXT_DOMAIN, argv[1]);
    (void) bind_textdomain_codeset (PRC_TEXT_DOMAIN, "UTF-8");
    (void) textdomain (PRC_TEXT_DOMAIN);
    for (gsize i = 0; i < G_N_ELEMENTS (stories); i++)
        tell (i);
    return 0;
}

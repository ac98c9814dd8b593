#include "test.h"

#include "catalogue/moved.h"

typedef struct {
    const char *text;
    gboolean is_unknown; /* only running it tells: NULL is the right answer */
} Row;

static char *
ours (const char *home, const char *text, char **env)
{
    PrcPlace place = { (char *) home, (char *) "", (char *) "zsh", env };
    g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
    g_autoptr (GError) error = NULL;
    g_autoptr (PrcDocument) doc = prc_document_parse (prc_format_by_name ("zsh"), bytes, 0, &error);

    assert_no_error (error);
    return prc_moved_to (doc, &place, "ZDOTDIR");
}

static char *
zsh_says (const char *zsh, const char *home, const char *text, char **env)
{
    g_autofree char *path = g_build_filename (home, ".zshenv", NULL);
    const char *argv[] = { zsh, "-c", "print -rn -- ${ZDOTDIR-}", NULL };
    g_autoptr (GBytes) out = NULL;

    assert_true (g_file_set_contents (path, text, -1, NULL));
    assert_int_equal (prc_test_run (argv, env, home, NULL, &out, NULL), 0);
    return g_strndup (g_bytes_get_data (out, NULL), g_bytes_get_size (out));
}

static void
moved_to__zshenv__as_zsh_itself (void **state)
{
    static const Row rows[] = {
        { "", FALSE },
        { "ZDOTDIR=~/.config/zsh\n", FALSE },
        { "export ZDOTDIR=~/.config/zsh # mine\n", FALSE },
        { "ZDOTDIR=$HOME/.config/zsh\n", FALSE },
        { "export ZDOTDIR=\"$HOME/.config/zsh\"\n", FALSE },
        { "export ZDOTDIR=\"${XDG_CONFIG_HOME:-$HOME/.config}/zsh\"\n", FALSE },
        { "export XDG_CONFIG_HOME=\"$HOME/.config\"\nexport ZDOTDIR=\"$XDG_CONFIG_HOME/zsh\"\n",
          FALSE },
        { ": ${ZDOTDIR:=$HOME/.config/zsh}\n", FALSE },
        { "[[ -d ~/.config/zsh ]] && ZDOTDIR=~/.config/zsh\n", FALSE },
        { "[[ -d ~/no/such ]] && ZDOTDIR=~/no/such\n", FALSE },
        { "if [ -z \"$ZDOTDIR\" ]; then\n  export ZDOTDIR=$HOME/.config/zsh\nfi\n", FALSE },
        { "ZDOTDIR=/abs/one\nZDOTDIR=/abs/two\n", FALSE },
        { "ZDOTDIR=/abs/one\nunset ZDOTDIR\n", FALSE },
        { "# ZDOTDIR=/abs/one\necho ZDOTDIR >/dev/null\n", FALSE },
        { "ZDOTDIR='~/quoted'\n", TRUE },
        { "ZDOTDIR=$(echo /made)\n", TRUE },
        { "ZDOTDIR=relative\n", TRUE },
    };
    char *dir = prc_test_dir_new ();
    g_autofree char *zsh = prc_test_tool ("zsh");
    g_autofree char *folder = g_build_filename (dir, ".config/zsh", NULL);
    g_autofree char *home = g_strconcat ("HOME=", dir, NULL);
    g_autofree char *config = g_strconcat ("XDG_CONFIG_HOME=", dir, "/else where", NULL);
    char *plain[] = { home, (char *) "PATH=/usr/bin:/bin", NULL };
    char *with_xdg[] = { home, (char *) "PATH=/usr/bin:/bin", config, NULL };
    char **envs[] = { plain, with_xdg };

    (void) state;
    if (zsh == NULL)
        skip ();
    assert_int_equal (g_mkdir_with_parents (folder, 0700), 0);
    for (gsize e = 0; e < G_N_ELEMENTS (envs); e++)
        for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
            g_autofree char *mine = ours (dir, rows[i].text, envs[e]);
            g_autofree char *theirs = zsh_says (zsh, dir, rows[i].text, envs[e]);

            if (rows[i].is_unknown ? mine != NULL : strcmp (mine != NULL ? mine : "", theirs) != 0)
                fail_msg ("%s\nzsh: %s\nwe:  %s", rows[i].text, theirs, mine);
        }
    prc_test_dir_remove (dir);
}

static void
moved_to__home_in_a_root__as_seen_from_inside (void **state)
{
    char *dir = prc_test_dir_new ();
    g_autofree char *home = g_build_filename (dir, "home/joe", NULL);
    PrcPlace place = { home, dir, (char *) "zsh", NULL };
    g_autoptr (GBytes) bytes = g_bytes_new_static ("ZDOTDIR=$HOME/z\n", 16);
    g_autoptr (PrcDocument) doc = prc_document_parse (prc_format_by_name ("zsh"), bytes, 0, NULL);
    g_autofree char *moved = prc_moved_to (doc, &place, "ZDOTDIR");

    (void) state;
    assert_string_equal (moved, "/home/joe/z");
    prc_test_dir_remove (dir);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (moved_to__zshenv__as_zsh_itself),
        cmocka_unit_test (moved_to__home_in_a_root__as_seen_from_inside),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}

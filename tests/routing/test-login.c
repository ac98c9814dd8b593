/* test-login.c - the environment of a new login shell, from trees of start-up files in a root of
 * their own */
#include "test.h"

#include <glib/gstdio.h>
#include <stdio.h>

#include "catalogue/catalogue.h"
#include "routing/login.h"

typedef struct {
    const char *name, *text; /* below the root; the home is /home/joe */
} File;

typedef struct {
    const char *what, *shell;
    File files[6];
    const char *variable;
    const char
        *command; /* the value in a shell that runs a command: NULL: not set; "?": in doubt */
    const char *interactive; /* the value in one that is typed into */
} Row;

static const Row rows[] = {
    { "PAM's file",
      "bash",
      { { "etc/environment", "http_proxy=http://a:1\n" } },
      "http_proxy",
      "http://a:1",
      "http://a:1" },
    { "the user's wins over PAM's",
      "bash",
      { { "etc/environment", "http_proxy=http://a:1\n" },
        { "home/joe/.profile", "export http_proxy=http://b:1\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "set without export, exported by PAM",
      "dash",
      { { "etc/environment", "http_proxy=http://a:1\n" },
        { "home/joe/.profile", "http_proxy=http://b:1\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "set without export",
      "dash",
      { { "home/joe/.profile", "http_proxy=http://b:1\n" } },
      "http_proxy",
      NULL,
      NULL },
    { "exported by another file",
      "bash",
      { { "etc/profile.d/a.sh", "http_proxy=http://b:1\n" },
        { "home/joe/.profile", "export http_proxy\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "exported before another file sets it",
      "zsh",
      { { "etc/zsh/zprofile", "export http_proxy\n" },
        { "home/joe/.zlogin", "http_proxy=http://b:1\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "exported, and never set",
      "bash",
      { { "home/joe/.profile", "export http_proxy\n" } },
      "http_proxy",
      NULL,
      NULL },
    { "unset again",
      "bash",
      { { "etc/profile.d/a.sh", "export http_proxy=http://b:1\n" },
        { "home/joe/.bash_profile", "unset http_proxy\n" } },
      "http_proxy",
      NULL,
      NULL },
    { "the file that bash does not read",
      "bash",
      { { "home/joe/.profile", "export http_proxy=http://b:1\n" },
        { "home/joe/.bash_login", "# mine\n" } },
      "http_proxy",
      NULL,
      NULL },
    { "but dash does",
      "dash",
      { { "home/joe/.profile", "export http_proxy=http://b:1\n" },
        { "home/joe/.bash_login", "# mine\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "from a variable of another file",
      "bash",
      { { "etc/profile.d/a.sh", "export http_proxy=http://b:1\n" },
        { "home/joe/.profile", "export https_proxy=$http_proxy\n" } },
      "https_proxy",
      "http://b:1",
      "http://b:1" },
    { "sourced in between",
      "bash",
      { { "home/joe/.profile", "H=a\n. ~/.p\nexport http_proxy=http://$H:1\n" },
        { "home/joe/.p", "H=b\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "a file named by a variable",
      "bash",
      { { "home/joe/.profile", "D=$HOME/d\n. \"$D/p\"\n" },
        { "home/joe/d/p", "export http_proxy=http://b:1\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "on a condition",
      "bash",
      { { "home/joe/.profile", "if [ -d /nowhere ]; then export http_proxy=http://b:1; fi\n" } },
      "http_proxy",
      "?",
      "?" },
    { "the same on a condition",
      "bash",
      { { "etc/environment", "http_proxy=http://b:1\n" },
        { "home/joe/.profile", "if [ -d /nowhere ]; then export http_proxy=http://b:1; fi\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "computed",
      "bash",
      { { "home/joe/.profile", "export http_proxy=$(cat /secret)\n" } },
      "http_proxy",
      "?",
      "?" },
    { "Debian's files",
      "bash",
      { { "home/joe/.profile", "if [ -n \"$BASH_VERSION\" ]; then\n    if [ -f \"$HOME/.bashrc\" "
                               "]; then\n\t. \"$HOME/.bashrc\"\n    fi\nfi\n" },
        { "home/joe/.bashrc",
          "case $- in\n    *i*) ;;\n      *) return;;\nesac\nexport http_proxy=http://b:1\n" } },
      "http_proxy",
      NULL,
      "http://b:1" },
    { "zsh's order",
      "zsh",
      { { "etc/zsh/zprofile", "export http_proxy=http://a:1\n" },
        { "home/joe/.zshenv", "export http_proxy=http://b:1\n" } },
      "http_proxy",
      "http://a:1",
      "http://a:1" },
    { "where zsh has no folder in /etc",
      "zsh",
      { { "etc/zprofile", "export http_proxy=http://a:1\n" },
        { "home/joe/.zshenv", "export http_proxy=http://b:1\n" } },
      "http_proxy",
      "http://a:1",
      "http://a:1" },
    { ".zshrc",
      "zsh",
      { { "home/joe/.zshrc", "export http_proxy=http://b:1\n" } },
      "http_proxy",
      NULL,
      "http://b:1" },
    { "ZDOTDIR",
      "zsh",
      { { "home/joe/.zshenv", "export ZDOTDIR=$HOME/z\n" },
        { "home/joe/z/.zprofile", "export http_proxy=http://b:1\n" },
        { "home/joe/.zprofile", "export http_proxy=http://a:1\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "fish reads config.fish last",
      "fish",
      { { "home/joe/.config/fish/config.fish", "set -gx http_proxy http://b:1\n" },
        { "home/joe/.config/fish/conf.d/z.fish", "set -gx http_proxy http://a:1\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "fish's conf.d hides the system's",
      "fish",
      { { "etc/fish/conf.d/p.fish", "set -gx http_proxy http://a:1\n" },
        { "home/joe/.config/fish/conf.d/p.fish", "# off\n" } },
      "http_proxy",
      NULL,
      NULL },
    { "fish's universal variables",
      "fish",
      { { "home/joe/.config/fish/fish_variables",
          "# VERSION: 3.0\nSETUVAR --export http_proxy:http\\x3a//b\\x3a1\nSETUVAR "
          "all_proxy:x\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "tcsh",
      "tcsh",
      { { "home/joe/.cshrc", "setenv http_proxy http://a:1\n" },
        { "home/joe/.login", "setenv http_proxy http://b:1\n" } },
      "http_proxy",
      "http://b:1",
      "http://b:1" },
    { "what proxyrc env prints",
      "bash",
      { { "home/joe/.profile", "eval \"$(/opt/bin/proxyrc env --startup --shell sh)\"\n" } },
      "http_proxy",
      "http://printed:1",
      "http://printed:1" },
    { "and what it takes away",
      "bash",
      { { "etc/environment", "all_proxy=x\n" },
        { "home/joe/.profile", "eval \"$(/opt/bin/proxyrc env --startup --shell sh)\"\n" } },
      "all_proxy",
      NULL,
      NULL },
    { "what others print",
      "bash",
      { { "etc/environment", "http_proxy=http://a:1\n" },
        { "home/joe/.profile", "eval \"$(pyenv init -)\"\n" } },
      "http_proxy",
      "http://a:1",
      "http://a:1" },
    { "in a function that nobody calls",
      "bash",
      { { "home/joe/.profile", "proxy_on() {\n  export http_proxy=http://a:1\n}\nproxy_off() { "
                               "unset http_proxy; }\n" } },
      "http_proxy",
      NULL,
      NULL },
    { "in a function that the file calls",
      "bash",
      { { "home/joe/.profile", "proxy_on() {\n  export http_proxy=http://a:1\n}\nproxy_on\n" } },
      "http_proxy",
      "?",
      "?" },
    { "in a function that another file calls",
      "bash",
      { { "home/joe/.bash_profile", ". ~/.bashrc\nproxy_on\n" },
        { "home/joe/.bashrc", "proxy_on() {\n  export http_proxy=http://a:1\n}\n" } },
      "http_proxy",
      "?",
      "?" },
    { "a function of fish's",
      "fish",
      { { "home/joe/.config/fish/config.fish",
          "function proxy_on\n  set -gx http_proxy http://a:1\nend\n" } },
      "http_proxy",
      NULL,
      NULL },
    { "a function that fish calls",
      "fish",
      { { "home/joe/.config/fish/config.fish",
          "function proxy_on\n  set -gx http_proxy http://a:1\nend\nproxy_on\n" } },
      "http_proxy",
      "?",
      "?" },
    { "sudden end",
      "bash",
      { { "home/joe/.bash_profile", "export http_proxy=http://b:1\nif then\n" } },
      "http_proxy",
      "?",
      "?" },
};

static void
write_files (const char *root, const File *files)
{
    for (gsize i = 0; i < 6 && files[i].name != NULL; i++) {
        g_autofree char *path = g_build_filename (root, files[i].name, NULL);
        g_autofree char *folder = g_path_get_dirname (path);

        assert_int_equal (g_mkdir_with_parents (folder, 0755), 0);
        assert_true (g_file_set_contents (path, files[i].text, -1, NULL));
    }
}

static void
check_value (const Row *row, const PrcLogin *login, const char *wanted)
{
    g_autoptr (PrcVariables) variables = prc_login_variables (login);
    const PrcVariable *variable = prc_variables_find (variables, row->variable);
    const char *value = variable == NULL ? NULL : variable->doubt != NULL ? "?" : variable->value;

    if (variables->doubt != NULL)
        value = "?";
    if (g_strcmp0 (value, wanted) != 0)
        fail_msg ("%s, %s: %s is %s instead of %s (%s)", row->what,
                  login->interactive ? "interactive" : "command", row->variable,
                  value != NULL ? value : "unset", wanted != NULL ? wanted : "unset",
                  variable != NULL && variable->doubt != NULL ? variable->doubt : "");
    if (variable != NULL && variable->doubt == NULL && wanted != NULL)
        assert_non_null (variable->file);
}

static void
login__trees__variables (void **state)
{
    static const char *const folders[] = { PRC_TEST_TOOLS_DIR, NULL };
    g_autoptr (GError) error = NULL;
    PrcCatalogue *catalogue = prc_catalogue_load (folders, "env", &error);
    g_autoptr (PrcVariables) printed = prc_variables_new ();

    (void) state;
    assert_no_error (error);
    prc_variables_add (printed, "http_proxy")->value = g_strdup ("http://printed:1");
    prc_variables_add (printed, "all_proxy"); /* is taken away */
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
        char *root = prc_test_dir_new ();
        PrcPlace place = { g_build_filename (root, "home/joe", NULL), g_strdup (root),
                           g_strdup (rows[i].shell), NULL };
        PrcLogin login = { prc_catalogue_find (catalogue, "env"), &place, FALSE, "joe", printed };

        assert_int_equal (g_mkdir_with_parents (place.home, 0755), 0);
        write_files (root, rows[i].files);
        check_value (&rows[i], &login, rows[i].command);
        login.interactive = TRUE;
        check_value (&rows[i], &login, rows[i].interactive);
        prc_place_clear (&place);
        prc_test_dir_remove (root);
    }
    prc_catalogue_free (catalogue);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (login__trees__variables),
    };

    return cmocka_run_group_tests (tests, NULL, NULL);
}

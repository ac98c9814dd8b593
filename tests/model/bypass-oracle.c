#include "bypass-oracle.h"

#include <stdio.h>

#include "test.h"

char **
prc_ask_environment (void)
{
    char **envp = g_environ_setenv (NULL, "PATH", g_getenv ("PATH"), TRUE);

    return g_environ_setenv (envp, "HOME", "/nonexistent", TRUE);
}

/* A program that reads "LIST\tHOST" by lines and answers D or P by lines. */
static gboolean *
ask_script (const char *const *argv, const char *tool, const PrcAsk *asks, guint n)
{
    GString *input = g_string_new (NULL);
    g_autoptr (GBytes) in = NULL;
    g_autoptr (GBytes) out = NULL;
    g_auto (GStrv) envp = prc_ask_environment ();
    gboolean *direct = g_new0 (gboolean, n);
    const char *answers;
    int status;

    for (guint i = 0; i < n; i++)
        g_string_append_printf (input, "%s\t%s\n", asks[i].list, asks[i].host);
    in = g_string_free_to_bytes (input);
    status = prc_test_run (argv, envp, NULL, in, &out, NULL);
    if (status == 77) {
        printf ("# skipped: this %s is older than the rules that are compared\n", tool);
        skip ();
    }
    assert_int_equal (status, 0);
    assert_int_equal (g_bytes_get_size (out), n * 2);
    answers = g_bytes_get_data (out, NULL);
    for (guint i = 0; i < n; i++)
        direct[i] = answers[2 * i] == 'D';
    return direct;
}

gboolean *
prc_ask_npm (const PrcAsk *asks, guint n)
{
    g_autofree char *npm = prc_test_tool ("npm");
    const char *const argv[] = { "node", SOURCE_DIR "/oracle-no-proxy.js", npm, NULL };

    if (npm == NULL)
        skip ();
    return ask_script (argv, "npm", asks, n);
}

gboolean *
prc_ask_pip (const PrcAsk *asks, guint n)
{
    static const char *const probe[] = { "python3", "-c", "import pip._vendor.requests", NULL };
    static const char *const argv[] = { "python3", SOURCE_DIR "/oracle-no-proxy.py", NULL };
    g_autofree char *python = prc_test_tool ("python3");
    g_auto (GStrv) envp = prc_ask_environment ();

    if (python == NULL)
        skip ();
    if (prc_test_run (probe, envp, NULL, NULL, NULL, NULL) != 0) {
        printf ("# skipped: this python has no pip that carries its libraries\n");
        skip ();
    }
    return ask_script (argv, "pip", asks, n);
}

/* curl shows where it connects, see redirect.c; port 1 refuses, and that is enough. */
gboolean *
prc_ask_curl (const PrcAsk *asks, guint n)
{
    static const char *const argv[] = { "curl", "-q", "-K", "-", NULL };
    g_autofree char *curl = prc_test_tool ("curl");
    GString *config = g_string_new (NULL);
    g_autoptr (GBytes) in = NULL;
    g_autoptr (GBytes) told = NULL;
    g_autofree char *text = NULL;
    g_auto (GStrv) events = NULL;
    g_auto (GStrv) envp = prc_ask_environment ();
    gboolean *direct = g_new0 (gboolean, n);
    gboolean proxied = FALSE;
    guint number = 0;

    if (curl == NULL)
        skip ();
    envp = g_environ_setenv (envp, "LD_PRELOAD", REDIRECT, TRUE);
    envp = g_environ_setenv (envp, "PRC_TEST_PORT", "1", TRUE);
    for (guint i = 0; i < n; i++)
        g_string_append_printf (
            config,
            "%ssilent\nmax-time = 10\nproxy = \"http://proxy.test:3128\"\nnoproxy = \"%s\"\n"
            "url = \"http://%s/\"\nwrite-out = \"%%{stderr}@end\\n\"\n",
            i > 0 ? "next\n" : "", asks[i].list, asks[i].host);
    in = g_string_free_to_bytes (config);
    (void) prc_test_run (argv, envp, NULL, in, NULL, &told);
    text = g_strndup (g_bytes_get_data (told, NULL), g_bytes_get_size (told));
    events = g_strsplit (text, "\n", -1);
    for (guint i = 0; events[i] != NULL && number < n; i++) {
        if (g_str_has_prefix (events[i], "@connect "))
            proxied = g_str_has_suffix (events[i], " 3128");
        else if (g_str_equal (events[i], "@end"))
            direct[number++] = !proxied;
    }
    assert_int_equal (number, n);
    return direct;
}

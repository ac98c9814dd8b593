/* Remedies: commands for the shell, as they stand. */
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "app/doctor-internal.h"
#include "base/words.h"
#include "model/mask.h"

static char *
join_words (GPtrArray *words, const char *word, va_list args)
{
    for (; word != NULL; word = va_arg (args, const char *))
        g_ptr_array_add (words, (gpointer) word);
    g_ptr_array_add (words, NULL);
    return prc_words_join ((const char *const *) words->pdata);
}

char *
prc_remedy_command (const char *word, ...)
{
    g_autoptr (GPtrArray) words = g_ptr_array_new ();
    char *text = NULL;
    va_list args;

    va_start (args, word);
    text = join_words (words, word, args);
    va_end (args);
    return text;
}

char *
prc_remedy_own (const PrcDoctor *doctor, const char *word, ...)
{
    const PrcSessionOptions *options = prc_session_options (doctor->session);
    const char *const pairs[][2] = { { "--home", options->home },
                                     { "--root", options->root },
                                     { "--config", options->config_file } };
    g_autoptr (GPtrArray) words = g_ptr_array_new ();
    g_autofree char *text = NULL;
    g_autofree char *rest = NULL;
    va_list args;

    g_ptr_array_add (words, (gpointer) "proxyrc");
    va_start (args, word);
    text = join_words (words, word, args);
    va_end (args);
    g_ptr_array_set_size (words, 0);
    for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
        if (pairs[i][1] != NULL) {
            g_ptr_array_add (words, (gpointer) pairs[i][0]);
            g_ptr_array_add (words, (gpointer) pairs[i][1]);
        }
    g_ptr_array_add (words, NULL);
    rest = prc_words_join ((const char *const *) words->pdata);
    return *rest != '\0' ? g_strconcat (text, " ", rest, NULL) : g_steal_pointer (&text);
}

char *
prc_remedy_apply (const PrcDoctor *doctor, gboolean is_system)
{
    g_autofree char *text = NULL;

    if (doctor->profile == NULL)
        return prc_remedy_own (doctor, "profile", "import", "default", NULL);
    if (doctor->profile->is_direct)
        text = is_system ? prc_remedy_own (doctor, "use", "direct", "--system", NULL)
                         : prc_remedy_own (doctor, "use", "direct", NULL);
    else
        text = is_system ? prc_remedy_own (doctor, "apply", "--system", NULL)
                         : prc_remedy_own (doctor, "apply", NULL);
    return is_system && geteuid () != 0 ? g_strconcat ("sudo ", text, NULL)
                                        : g_steal_pointer (&text);
}

char *
prc_remedy_edit (const PrcFoundFile *file, guint line)
{
    g_autofree char *quoted = g_shell_quote (file->path);

    return line > 0 ? g_strdup_printf ("${EDITOR:-vi} +%u %s", line, quoted)
                    : g_strdup_printf ("${EDITOR:-vi} %s", quoted);
}

char *
prc_remedy_unset (const PrcDoctor *doctor, const PrcFoundFile *file, const char *key)
{
    g_autofree char *shown_key = prc_mask_urls (key);
    g_autofree char *text = prc_remedy_own (doctor, "file", "unset", "--format", file->format->name,
                                            file->path, key, NULL);

    /* A key with a password in it can't be named. */
    if (strcmp (shown_key, key) != 0 || strstr (key, "***@") != NULL)
        return prc_remedy_edit (file, 0);
    return access (file->path, W_OK) != 0 && geteuid () != 0 ? g_strconcat ("sudo ", text, NULL)
                                                             : g_steal_pointer (&text);
}

char *
prc_remedy_explain (const PrcDoctor *doctor, const char *topic)
{
    (void) doctor;
    return prc_remedy_command ("proxyrc", "explain", topic, NULL);
}

/* Variables of the calling shell, as far as that is the user's usual one */

typedef enum { SHELL_SH, SHELL_FISH, SHELL_CSH } ShellKind;

static ShellKind
shell_of (const PrcDoctor *doctor)
{
    const char *name = prc_session_place (doctor->session)->shell;

    if (strcmp (name, "fish") == 0)
        return SHELL_FISH;
    return strcmp (name, "csh") == 0 || strcmp (name, "tcsh") == 0 ? SHELL_CSH : SHELL_SH;
}

char *
prc_remedy_this_shell (const PrcDoctor *doctor, const char *name)
{
    static const char *const lines[] = {
        /* untranslated: commands */
        [SHELL_SH] = "eval \"$(proxyrc env)\"",
        [SHELL_FISH] = "proxyrc env --shell fish | source",
        [SHELL_CSH] = "eval \"`proxyrc env --shell csh`\"",
    };

    if (doctor->profile != NULL && !doctor->profile->is_direct)
        return g_strdup (lines[shell_of (doctor)]);
    return prc_remedy_unset_variable (doctor, name);
}

char *
prc_remedy_unset_variable (const PrcDoctor *doctor, const char *name)
{
    static const char *const commands[] = {
        [SHELL_SH] = "unset", [SHELL_FISH] = "set -e", [SHELL_CSH] = "unsetenv"
    };

    return g_strdup_printf ("%s %s", commands[shell_of (doctor)], name);
}

/* @text: in the shell's own syntax, quoted. */
static char *
set_variable (const PrcDoctor *doctor, const char *name, const char *text)
{
    static const char *const formats[] = {
        [SHELL_SH] = "export %s=%s", [SHELL_FISH] = "set -gx %s %s", [SHELL_CSH] = "setenv %s %s"
    };

    return g_strdup_printf (formats[shell_of (doctor)], name, text);
}

char *
prc_remedy_set_variable (const PrcDoctor *doctor, const char *name, const char *value)
{
    g_autofree char *quoted = g_shell_quote (value);

    return set_variable (doctor, name, quoted);
}

char *
prc_remedy_copy_variable (const PrcDoctor *doctor, const char *name, const char *from)
{
    g_autofree char *text = g_strdup_printf ("\"$%s\"", from);

    return set_variable (doctor, name, text);
}

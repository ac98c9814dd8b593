/* complete.c - from the words of a line to what is completed: a command, an option, a value, an
 * argument */
#include "cli/complete.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/options.h"

#define INPUT_MAX (64 * 1024)

void
prc_completion_add (PrcCompletion *completion, const char *word, const char *description)
{
    g_autofree char *text = description != NULL ? prc_text_printable (description) : NULL;

    if (!g_str_has_prefix (word, completion->word) || prc_text_has_control (word) ||
        !g_utf8_validate (word, -1, NULL))
        return;
    g_string_append_printf (completion->candidates, "%s%s\t%s\n", completion->prefix->str, word,
                            text != NULL ? text : "");
}

void
prc_completion_descend (PrcCompletion *completion, gsize length)
{
    g_string_append_len (completion->prefix, completion->word, (gssize) length);
    completion->word += length;
}

PrcSession *
prc_completion_session (PrcCompletion *completion)
{
    const PrcSessionOptions options = {
        .home = completion->options.home,
        .root = completion->options.root,
        .config_file = completion->options.config,
        .only_reads = TRUE,
        .ask = { .no_dialogue = TRUE },
    };

    if (completion->session == NULL)
        completion->session = prc_session_new (&options, NULL);
    return completion->session;
}

/* A word as the shell would read it, if it were whole: what is quoted may not be closed yet. */
static char *
unquote (const char *raw)
{
    static const char *const ends[] = { "", "\"", "'", "\\" };

    for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
        g_autofree char *whole = g_strconcat (raw, ends[i], NULL);
        char *text = g_shell_unquote (whole, NULL);

        if (text != NULL)
            return text;
    }
    return g_strdup (raw);
}

/* (nullable): NULL also for what no shell sends. */
static GPtrArray *
read_words (gboolean is_raw)
{
    g_autofree char *input = g_malloc (INPUT_MAX);
    g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
    gsize size = 0;
    gssize n = 0;

    while (size < INPUT_MAX && (n = read (STDIN_FILENO, input + size, INPUT_MAX - size)) > 0)
        size += (gsize) n;
    if (n != 0 || size == 0 || input[size - 1] != '\0')
        return NULL;
    for (const char *word = input; word < input + size; word += strlen (word) + 1)
        g_ptr_array_add (words, is_raw ? unquote (word) : g_strdup (word));
    return words->len > 1 ? g_steal_pointer (&words) : NULL;
}

/* The value of an option, as far as it matters for what is proposed. */
static void
take_value (PrcCompletion *completion, const PrcOptionRow *row, const char *value)
{
    char **member = G_STRUCT_MEMBER_P (&completion->options, row->offset);

    if (row->type != G_OPTION_ARG_STRING && row->type != G_OPTION_ARG_FILENAME)
        return;
    g_free (*member);
    *member = g_str_has_prefix (value, "~/") ? g_build_filename (g_get_home_dir (), value + 2, NULL)
                                             : g_strdup (value);
}

static void
add_options (PrcCompletion *completion, const PrcCommand *command, const GPtrArray *given)
{
    gsize n = 0;
    const PrcOptionRow *rows = prc_cli_options (&n);

    for (gsize i = 0; i < n; i++) {
        g_autofree char *name = g_strconcat ("--", rows[i].name, NULL);

        if (prc_cli_command_takes (command, &rows[i]) &&
            (rows[i].type == G_OPTION_ARG_FILENAME_ARRAY || given == NULL ||
             !g_ptr_array_find ((GPtrArray *) given, &rows[i], NULL)))
            prc_completion_add (completion, name, _ (rows[i].help));
    }
    prc_completion_add (completion, "--help", _ ("tell more about it"));
}

/* @words: those behind the command, the last is the one that is completed. */
static void
complete_command (PrcCompletion *completion, const PrcCommand *command, char **words, guint n)
{
    g_autoptr (GPtrArray) given = g_ptr_array_new ();
    g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
    const PrcOptionRow *pending = NULL; /* waits for its value */
    gboolean has_ended = FALSE;

    for (guint i = 0; i + 1 < n; i++) {
        const char *equals = strchr (words[i], '=');
        const PrcOptionRow *row = has_ended ? NULL : prc_cli_find_option (command, words[i]);

        if (pending != NULL) {
            take_value (completion, pending, words[i]);
            pending = NULL;
        } else if (!has_ended && strcmp (words[i], "--") == 0) {
            has_ended = TRUE;
        } else if (row != NULL) {
            g_ptr_array_add (given, (gpointer) row);
            if (row->value != NULL && equals != NULL)
                take_value (completion, row, equals + 1);
            else if (row->value != NULL)
                pending = row;
        } else if (has_ended || words[i][0] != '-' || words[i][1] == '\0') {
            g_ptr_array_add (arguments, words[i]);
        }
    }
    completion->n_arguments = arguments->len;
    g_ptr_array_add (arguments, NULL);
    completion->arguments = (char **) arguments->pdata;
    if (pending == NULL && !has_ended && g_str_has_prefix (completion->word, "--") &&
        strchr (completion->word, '=') != NULL) {
        pending = prc_cli_find_option (command, completion->word);
        if (pending == NULL || pending->value == NULL)
            return;
        prc_completion_descend (completion, strcspn (completion->word, "=") + 1);
    }
    if (pending != NULL) {
        if (pending->complete != NULL)
            pending->complete (completion);
    } else if (!has_ended && completion->word[0] == '-') {
        add_options (completion, command, given);
    } else if (command->complete != NULL && completion->n_arguments < command->max_arguments) {
        command->complete (completion);
    }
}

static void
complete_first (PrcCompletion *completion)
{
    gsize n = 0;
    const PrcCommand *const *commands = prc_cli_commands (&n);

    if (completion->word[0] == '-') {
        prc_completion_add (completion, "--version", _ ("print the version"));
        add_options (completion, &prc_command_terminal_ui, NULL);
        return;
    }
    for (gsize i = 0; i < n; i++)
        prc_completion_add (completion, commands[i]->name, _ (commands[i]->summary));
}

static void
complete_words (PrcCompletion *completion, char **words, guint n)
{
    const PrcCommand *command = n > 2 ? prc_cli_find_command (words[1]) : NULL;

    completion->word = words[n - 1];
    if (n == 2 && strchr (words[1], '=') == NULL)
        complete_first (completion);
    else if (command != NULL)
        complete_command (completion, command, words + 2, n - 2);
    else if (words[1][0] == '-')
        complete_command (completion, &prc_command_terminal_ui, words + 1, n - 1);
}

int
prc_cli_complete (gboolean is_raw)
{
    PrcCompletion completion = { .and_also = "words" };
    g_autoptr (GPtrArray) words = read_words (is_raw);

    if (words == NULL)
        return PRC_EXIT_DONE;
    completion.prefix = g_string_new (NULL);
    completion.candidates = g_string_new (NULL);
    complete_words (&completion, (char **) words->pdata, words->len);
    printf ("%s\t%s\n%s", completion.and_also, completion.prefix->str, completion.candidates->str);
    (void) g_string_free (completion.prefix, TRUE);
    (void) g_string_free (completion.candidates, TRUE);
    prc_session_free (completion.session);
    prc_cli_options_clear (&completion.options);
    return PRC_EXIT_DONE;
}

/* eval "$(command)": the one kind of eval that is shown and written, with the command as its value
 */
#include <string.h>

#include "base/words.h"
#include "formats/shell-state.h"

gboolean
prc_shell_is_statement (const char *key)
{
    return strcmp (key, "source") == 0 || strcmp (key, PRC_SHELL_EVAL_KEY) == 0;
}

/* Of @text, what is behind its last @ending and the blanks around it; FALSE if it has none. */
static gboolean
cut_ending (char *text, const char *ending)
{
    g_strchomp (text);
    if (!g_str_has_suffix (text, ending))
        return FALSE;
    text[strlen (text) - strlen (ending)] = '\0';
    return TRUE;
}

char *
prc_shell_eval_command (const PrcShellSyntax *s, PrcShellSpan word)
{
    static const char *const failures[] = { "|| :", "||:", "|| true", "||true" };
    static const char *const silencers[] = { "2>/dev/null", "2> /dev/null" };
    g_autofree char *text = g_strndup (s->text + word.start, word.end - word.start);
    g_auto (GStrv) words = NULL;

    if (!g_str_has_prefix (text, "\"$(") || !cut_ending (text, ")\""))
        return NULL;
    for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
        if (cut_ending (text, failures[i]))
            break;
    for (gsize i = 0; i < G_N_ELEMENTS (silencers); i++)
        if (cut_ending (text, silencers[i]))
            break;
    words = prc_words_split (text + strlen ("\"$("));
    return words != NULL ? prc_words_join ((const char *const *) words) : NULL;
}

/* Whatever becomes of the program, the shell goes on: `set -e` does not see it fail, and it can't
 * say anything. */
char *
prc_shell_eval_word (const char *command)
{
    return g_strconcat ("\"$(", command, " 2>/dev/null || :)\"", NULL);
}

/* What the output does is not known; the variables that are named to the command may change. */
static void
disturb_named (PrcShellMachine *m, const char *command, gsize at)
{
    g_auto (GStrv) words = prc_words_split (command);

    for (guint i = 1; words[i] != NULL; i++)
        if (prc_shell_is_name_start (*words[i]) && strchr (words[i], '-') == NULL)
            prc_shell_disturb_text (m, words[i], strlen (words[i]), at, PRC_SHELL_EVAL_KEY);
}

gboolean
prc_shell_record_eval (PrcShellMachine *m, const PrcShellCommand *command)
{
    PrcShellSpan word = command->words[command->n_words - 1];
    char *value = prc_shell_eval_command (m->syntax, word);
    PrcShellRecord *record = NULL;

    if (value == NULL)
        return FALSE;
    record =
        prc_shell_record (m, PRC_SHELL_FORM_EVAL, PRC_ENTRY_SET, PRC_SHELL_EVAL_KEY, command->start,
                          (PrcShellSpan){ command->start, command->end }, word);
    record->entry->flags |= PRC_ENTRY_LIST;
    record->entry->value = value;
    disturb_named (m, value, command->start);
    return TRUE;
}

#include "formats/shell-edit.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/shell-state.h"

static gboolean
is_of (const PrcShellRecord *record, const PrcEntry *entry)
{
    const PrcEntry *own = record->entry;

    return own->start == entry->start && own->end == entry->end && own->kind == entry->kind &&
           own->value_start == entry->value_start && strcmp (own->key, entry->key) == 0;
}

/* Entries are mostly asked for in the order of the file. */
static const PrcShellRecord *
record_of (PrcShellScript *script, const PrcEntry *entry, GError **error)
{
    guint n = script->records->len;

    for (guint i = 0; i < n; i++) {
        guint index = (script->cursor + i) % n;
        const PrcShellRecord *record = g_ptr_array_index (script->records, index);

        if (is_of (record, entry)) {
            script->cursor = index;
            return record;
        }
    }
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT, _ ("no such entry"));
    return NULL;
}

static gboolean
refuse (const PrcEntry *entry, const char *what, GError **error)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, "%u: %s: %s", entry->line, entry->key,
                 what);
    return FALSE;
}

/* Paths: `~/` and `$HOME/` at the start are to be expanded, nothing else. */
static char *
quote_path (const char *path, const char *style)
{
    g_autoptr (PrcWipedString) rest = NULL;

    if (g_str_has_prefix (path, "~/")) {
        rest = prc_shell_quote (path + 2, path[2] != '\0' ? "" : NULL);
        return g_strconcat ("~/", rest, NULL);
    }
    if (g_str_has_prefix (path, "$HOME/")) {
        rest = prc_shell_quote (path + 5, "\"\"");
        return g_strconcat ("\"$HOME", rest + 1, NULL);
    }
    return prc_shell_quote (path, style);
}

static char *
slice (const PrcShellSyntax *s, PrcShellSpan span)
{
    return g_strndup (s->text + span.start, span.end - span.start);
}

static char *
replacement_of_path (const PrcShellSyntax *s, const PrcShellRecord *record, const char *value)
{
    PrcShellSpan path = { record->entry->value_start, record->entry->value_end };
    g_autofree char *style = slice (s, path);
    g_autofree char *quoted = quote_path (value, style);

    if (record->test_word.end == 0)
        return g_steal_pointer (&quoted);
    return g_strdup_printf ("%s%.*s%s", quoted, (int) (path.start - record->test_word.end),
                            s->text + record->test_word.end, quoted);
}

static char *
replacement_of_default (const PrcShellRecord *record, const char *value)
{
    if (*value != '\0' && strspn (value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                         "0123456789_./:@%+,-") == strlen (value))
        return g_strdup (value);
    return record->in_double ? NULL : prc_shell_quote (value, NULL);
}

gboolean
prc_shell_replace (const PrcDocument *doc, const PrcEntry *entry, const char *value,
                   PrcEdit *ret_edit, GError **error)
{
    PrcShellScript *script = prc_shell_script_of (doc, error);
    const PrcShellRecord *record = script != NULL ? record_of (script, entry, error) : NULL;
    g_autofree char *style = NULL;
    g_autoptr (PrcWipedString) quoted = NULL;
    PrcEdit edit = { entry->value_start, entry->value_end, NULL };

    if (record == NULL)
        return FALSE;
    style = slice (script->syntax, (PrcShellSpan){ entry->value_start, entry->value_end });
    quoted = prc_shell_quote (value, style);
    switch (record->form) {
    case PRC_SHELL_FORM_ASSIGN:
    case PRC_SHELL_FORM_ARG:
        if (script->syntax->text[entry->value_start - 2] == ']')
            return refuse (entry, _ ("an element of an array"), error);
        edit.start -= record->append ? 2 : 0;
        edit.text = record->append ? g_strconcat ("=", quoted, NULL) : g_steal_pointer (&quoted);
        break;
    case PRC_SHELL_FORM_QUOTED:
        prc_wipe_free (g_steal_pointer (&quoted));
        quoted = prc_shell_quote (value, NULL);
        edit.text = g_strconcat (entry->key, "=", quoted, NULL);
        break;
    case PRC_SHELL_FORM_DEFAULT:
        edit.text = replacement_of_default (record, value);
        if (edit.text == NULL)
            return refuse (entry, _ ("this value does not fit into a quoted ${…}"), error);
        break;
    case PRC_SHELL_FORM_SOURCE:
        edit.start = record->test_word.end > 0 ? record->test_word.start : edit.start;
        edit.text = replacement_of_path (script->syntax, record, value);
        break;
    case PRC_SHELL_FORM_EVAL:
        edit.text = prc_shell_eval_word (value);
        break;
    case PRC_SHELL_FORM_NAME:
    case PRC_SHELL_FORM_OTHER:
        return refuse (entry, _ ("set by shell code that holds no value; change it by hand"),
                       error);
    }
    *ret_edit = edit;
    return TRUE;
}

/* Removing */

static void
append_edit (GArray *edits, gsize start, gsize end, const char *text)
{
    PrcEdit edit = { start, end, g_strdup (text) };

    g_array_append_val (edits, edit);
}

static gsize
skip_blanks (const PrcShellSyntax *s, gsize i)
{
    while (i < s->size && (s->text[i] == ' ' || s->text[i] == '\t'))
        i++;
    return i;
}

static gboolean
on_one_line (const PrcShellSyntax *s, gsize start, gsize end)
{
    return memchr (s->text + start, '\n', end - start) == NULL;
}

/* `x; ITEM` and `ITEM; x`: with the separator that goes with it. */
static void
remove_item_in_line (const PrcShellSyntax *s, const PrcShellItem *item, GArray *edits)
{
    const PrcShellItem *previous = item->previous;
    gboolean separated = item->separator.end > item->separator.start;
    gsize after = skip_blanks (s, separated ? item->separator.end : item->end);

    if (separated && after < s->size && strchr ("\r\n#", s->text[after]) == NULL)
        append_edit (edits, item->start, after, NULL);
    else if (previous != NULL && !previous->background &&
             previous->separator.end > previous->separator.start &&
             on_one_line (s, previous->separator.start, item->start))
        append_edit (edits, previous->separator.start, item->end, NULL);
    else
        append_edit (edits, item->start, separated ? item->separator.end : item->end, NULL);
}

static void
remove_lines (const PrcShellSyntax *s, PrcShellSpan lines, GArray *edits)
{
    /* Carriage returns stay: in a shell they belong to the words before them. */
    if (lines.end == s->size && lines.end > 0 && s->text[s->size - 1] != '\n' && lines.start > 0)
        lines.start--;
    append_edit (edits, lines.start, lines.end, NULL);
}

static void
remove_item (const PrcShellSyntax *s, const PrcShellItem *item, const PrcShellList *list,
             GArray *edits)
{
    PrcShellSpan lines;

    if (list->n_items < 2 && !list->may_be_empty)
        append_edit (edits, item->start, item->end, ":");
    else if (prc_shell_whole_lines (s, item, &lines))
        remove_lines (s, lines, edits);
    else
        remove_item_in_line (s, item, edits);
}

static gboolean
remove_command (const PrcShellSyntax *s, const PrcShellRecord *record, GArray *edits,
                GError **error)
{
    if (record->command->redirected)
        return refuse (record->entry, _ ("a command with a redirection; change it by hand"), error);
    if (record->sole)
        remove_item (s, record->item, record->list, edits);
    else
        append_edit (edits, record->command->start, record->command->end, ":");
    return TRUE;
}

static gboolean
is_prefix (const PrcShellSyntax *s, PrcShellSpan word)
{
    static const char *const prefixes[] = { "builtin", "command", "noglob", "nocorrect", NULL };
    g_autofree char *text = slice (s, word);

    return g_strv_contains (prefixes, text);
}

static const PrcShellNames *
names_of (PrcShellScript *script, const PrcShellCommand *command)
{
    const PrcShellSyntax *s = script->syntax;
    PrcShellNames *names = &script->names;
    guint name = 0;

    if (names->command == command)
        return names;
    for (name = 0; name < command->n_words; name++) {
        PrcShellAssignment a = { 0 };

        if (!prc_shell_read_assignment (s, command->words[name], &a))
            break;
        g_free (a.name);
    }
    *names = (PrcShellNames){ command, name, 0 };
    while (name + 1 < command->n_words && is_prefix (s, command->words[name]))
        name++;
    for (guint i = name + 1; i < command->n_words; i++)
        names->n_arguments += strchr ("-+", s->text[command->words[i].start]) == NULL;
    return names;
}

/* Which of the words begins there; G_MAXUINT: none. */
static guint
find_word (const PrcShellCommand *command, gsize start)
{
    guint low = 0, high = command->n_words;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (command->words[middle].start < start)
            low = middle + 1;
        else
            high = middle;
    }
    return low < command->n_words && command->words[low].start == start ? low : G_MAXUINT;
}

static gboolean
remove_word (PrcShellScript *script, const PrcShellRecord *record, GArray *edits, GError **error)
{
    const PrcShellSyntax *s = script->syntax;
    const PrcShellCommand *command = record->command;
    const PrcShellNames *names = names_of (script, command);
    guint index = find_word (command, record->word.start);
    gboolean assignment = record->form == PRC_SHELL_FORM_ASSIGN;
    guint n = assignment ? names->n_assignments : names->n_arguments;

    if (index == G_MAXUINT)
        return refuse (record->entry, _ ("set by shell code; change it by hand"), error);
    if (n < 2 &&
        (assignment ? names->n_assignments == command->n_words : names->n_assignments == 0))
        return remove_command (s, record, edits, error);
    /* `a=1 export b=2`: without b it would be another command. */
    if (n < 2 && !assignment)
        return refuse (record->entry, _ ("a command with assignments before it; change it by hand"),
                       error);
    if (command->redirected)
        append_edit (edits, record->word.start, record->word.end, NULL);
    else if (index + 1 < command->n_words)
        append_edit (edits, record->word.start, command->words[index + 1].start, NULL);
    else
        append_edit (edits, command->words[index - 1].end, record->word.end, NULL);
    return TRUE;
}

gboolean
prc_shell_remove (const PrcDocument *doc, const PrcEntry *entry, GArray *edits, GError **error)
{
    PrcShellScript *script = prc_shell_script_of (doc, error);
    const PrcShellRecord *record = script != NULL ? record_of (script, entry, error) : NULL;

    if (record == NULL)
        return FALSE;
    switch (record->form) {
    case PRC_SHELL_FORM_ASSIGN:
    case PRC_SHELL_FORM_ARG:
    case PRC_SHELL_FORM_QUOTED:
    case PRC_SHELL_FORM_NAME:
        return remove_word (script, record, edits, error);
    case PRC_SHELL_FORM_SOURCE:
    case PRC_SHELL_FORM_EVAL:
        return remove_command (script->syntax, record, edits, error);
    case PRC_SHELL_FORM_DEFAULT:
        if (record->command->n_words == 2 &&
            script->syntax->text[record->command->words[0].start] == ':')
            return remove_command (script->syntax, record, edits, error);
        break;
    case PRC_SHELL_FORM_OTHER:
        break;
    }
    return refuse (entry, _ ("set by shell code; change it by hand"), error);
}

/* Inserting: places are tried in turn, and what comes out is read back before one is taken */

/* A .bashrc that scripts leave early is as good a place as any. */
static PrcEntryFlags
flags_of (const PrcEntry *entry)
{
    return entry->flags & ~(guint) PRC_ENTRY_INTERACTIVE;
}

static gboolean
same_entry (const PrcEntry *a, const PrcEntry *b)
{
    return a->kind == b->kind && a->flags == b->flags && strcmp (a->key, b->key) == 0 &&
           g_strcmp0 (a->value, b->value) == 0;
}

static gboolean
others_same (const PrcDocument *before, const PrcDocument *after, const char *key)
{
    const GPtrArray *a = prc_document_entries (before), *b = prc_document_entries (after);
    guint i = 0, j = 0;

    while (i < a->len || j < b->len) {
        if (i < a->len && strcmp (((PrcEntry *) a->pdata[i])->key, key) == 0)
            i++;
        else if (j < b->len && strcmp (((PrcEntry *) b->pdata[j])->key, key) == 0)
            j++;
        else if (i == a->len || j == b->len || !same_entry (a->pdata[i++], b->pdata[j++]))
            return FALSE;
    }
    return TRUE;
}

static gboolean
says (const PrcDocument *doc, const char *key, const char *value)
{
    const PrcEntry *found = NULL;
    const GPtrArray *entries = prc_document_entries (doc);

    if (!prc_shell_is_statement (key))
        return prc_document_lookup (doc, key, &found) == PRC_LOOKUP_VALUE &&
               strcmp (found->value, value) == 0;
    for (guint i = 0; i < entries->len; i++) {
        const PrcEntry *entry = g_ptr_array_index (entries, i);

        if (strcmp (entry->key, key) == 0 && flags_of (entry) == PRC_ENTRY_LIST &&
            g_strcmp0 (entry->value, value) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Takes @text. */
static gboolean
try_edit (const PrcDocument *doc, const char *key, const char *value, gsize start, gsize end,
          char *text, PrcEdit *ret_edit)
{
    g_auto (PrcEdit) edit = { start, end, text };
    g_autoptr (GBytes) bytes = prc_splice (prc_document_bytes (doc), &edit, 1, NULL);
    g_autoptr (PrcDocument) after = bytes != NULL
                                        ? prc_document_parse (prc_document_format (doc), bytes,
                                                              prc_document_tool_version (doc), NULL)
                                        : NULL;

    if (after == NULL || !says (after, key, value) || !others_same (doc, after, key))
        return FALSE;
    *ret_edit = edit;
    edit = (PrcEdit){ 0 };
    return TRUE;
}

static gboolean
try_line (const PrcDocument *doc, const char *key, const char *value, gsize at, const char *before,
          const char *line, PrcEdit *ret_edit)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    gboolean unfinished = at == size && size > 0 && data[size - 1] != '\n';

    /* Not into a line that goes on. */
    if (at < size && at >= 2 && data[at - 1] == '\n' && data[at - 2] == '\\')
        return FALSE;
    return try_edit (
        doc, key, value, at, at,
        g_strconcat (unfinished ? "\n" : "", before, line, unfinished ? "" : "\n", NULL), ret_edit);
}

/* HTTP_PROXY goes next to http_proxy, or else to another one that ends in _proxy. */
static int
kinship (const char *key, const char *other)
{
    const char *a = strrchr (key, '_'), *b = strrchr (other, '_');

    if (g_ascii_strcasecmp (key, other) == 0)
        return 2;
    return a != NULL && b != NULL && g_ascii_strcasecmp (a, b) == 0 ? 1 : 0;
}

static const PrcShellRecord *
find_neighbour (const PrcShellScript *script, const char *key)
{
    const PrcShellRecord *found = NULL;
    int best = 1;

    for (guint i = 0; i < script->records->len; i++) {
        const PrcShellRecord *record = g_ptr_array_index (script->records, i);
        int kin = 0;

        if (record->entry->kind != PRC_ENTRY_SET || flags_of (record->entry) != 0 || !record->top ||
            strcmp (record->entry->key, key) == 0)
            continue;
        kin = kinship (key, record->entry->key);
        if (kin >= best) {
            best = kin;
            found = record;
        }
    }
    return found;
}

static gboolean
insert_beside (const PrcDocument *doc, const PrcShellScript *script, const char *key,
               const char *value, const char *line, PrcEdit *ret_edit)
{
    const PrcShellRecord *neighbour = find_neighbour (script, key);
    gsize start = 0, indent = 0;
    g_autofree char *blanks = NULL;

    if (neighbour == NULL)
        return FALSE;
    /* What is there of the key itself must not come behind. */
    for (guint i = 0; i < script->records->len; i++) {
        const PrcShellRecord *record = g_ptr_array_index (script->records, i);

        if (record->word.start > neighbour->word.start && strcmp (record->entry->key, key) == 0)
            return FALSE;
    }
    start = prc_document_line_start (doc, neighbour->item->start);
    indent = skip_blanks (script->syntax, start);
    blanks = g_strndup (script->syntax->text + start, indent - start);
    return try_line (doc, key, value, prc_document_line_end (doc, neighbour->item->end), blanks,
                     line, ret_edit);
}

/* `http_proxy=x` that nobody exports yet: export it where it stands. */
static gboolean
insert_export (const PrcDocument *doc, const PrcShellScript *script, const char *key,
               const char *value, const char *line, PrcEdit *ret_edit)
{
    const PrcShellRecord *last = NULL;

    for (guint i = 0; i < script->records->len; i++) {
        const PrcShellRecord *record = g_ptr_array_index (script->records, i);

        if (strcmp (record->entry->key, key) == 0 && record->entry->kind == PRC_ENTRY_SET)
            last = record;
    }
    if (last == NULL || flags_of (last->entry) != PRC_ENTRY_PRIVATE ||
        last->form != PRC_SHELL_FORM_ASSIGN || last->append || last->command->n_words != 1)
        return FALSE;
    return try_edit (doc, key, value, last->word.start, last->word.end, g_strdup (line), ret_edit);
}

static gsize
behind_leading_comments (const PrcShellSyntax *s)
{
    gsize i = 0;

    for (;;) {
        gsize text = skip_blanks (s, i);
        const char *newline = NULL;

        if (text >= s->size || strchr ("#\r\n", s->text[text]) == NULL)
            return i;
        newline = memchr (s->text + text, '\n', s->size - text);
        if (newline == NULL)
            return i;
        i = (gsize) (newline - s->text) + 1;
    }
}

static gboolean
refuse_insertion (const PrcShellScript *script, const char *key, GError **error)
{
    for (guint i = script->records->len; i > 0; i--) {
        const PrcEntry *entry = ((PrcShellRecord *) script->records->pdata[i - 1])->entry;

        if (strcmp (entry->key, key) == 0 && entry->detail != NULL &&
            (entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC | PRC_ENTRY_INERT)) != 0)
            return refuse (entry, entry->detail, error);
    }
    if (script->stop_why != NULL)
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     /* Translators: a variable; and why: "line 5: exit" */
                     _ ("there is no place for %s in this file: %s"), key, script->stop_why);
    else
        g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED,
                     _ ("there is no place for %s in this file"), key);
    return FALSE;
}

static char *
new_line (const char *key, const char *value)
{
    g_autoptr (PrcWipedString) quoted = NULL;

    if (strcmp (key, PRC_SHELL_EVAL_KEY) == 0) {
        g_autofree char *word = prc_shell_eval_word (value);

        return g_strconcat ("eval ", word, NULL);
    }
    if (strcmp (key, "source") != 0) {
        quoted = prc_shell_quote (value, NULL);
        return g_strdup_printf ("export %s=%s", key, quoted);
    }
    quoted = quote_path (value, NULL);
    return g_strdup_printf ("if [ -r %s ]; then . %s; fi", quoted, quoted);
}

gboolean
prc_shell_insert (const PrcDocument *doc, const char *key, const char *value, PrcEdit *ret_edit,
                  GError **error)
{
    PrcShellScript *script = prc_shell_script_of (doc, error);
    g_autoptr (PrcWipedString) line = new_line (key, value);
    gsize size = 0;

    if (script == NULL)
        return FALSE;
    (void) prc_document_data (doc, &size);
    if (insert_export (doc, script, key, value, line, ret_edit) ||
        insert_beside (doc, script, key, value, line, ret_edit) ||
        try_line (doc, key, value, size, "", line, ret_edit) ||
        try_line (doc, key, value, size, "\n", line, ret_edit))
        return TRUE;
    if (script->stop != G_MAXSIZE &&
        try_line (doc, key, value, prc_document_line_start (doc, script->stop), "", line, ret_edit))
        return TRUE;
    if (try_line (doc, key, value, behind_leading_comments (script->syntax), "", line, ret_edit))
        return TRUE;
    return refuse_insertion (script, key, error);
}

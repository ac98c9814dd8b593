/* What the commands of a fish script do to variables. */
#include <string.h>

#include "base/secret.h"
#include "base/i18n.h"
#include "formats/fish-script.h"

void
prc_fish_variable_free (gpointer data)
{
    PrcFishVariable *variable = data;

    prc_wipe_free (variable->value);
    g_free (variable);
}

gboolean
prc_fish_is_word (const PrcFishScript *script, const PrcFishToken *t, const char *text)
{
    gsize length = strlen (text);

    return t->kind == PRC_FISH_WORD && t->bare && t->end - t->start == length &&
           memcmp (script->data + t->start, text, length) == 0;
}

static const char *
known_value (const char *name, gpointer user)
{
    PrcFishScript *script = user;
    const PrcFishVariable *variable = g_hash_table_lookup (script->variables, name);

    if (variable == NULL || variable->value == NULL || strlen (variable->value) > script->room)
        return NULL;
    script->room -= strlen (variable->value);
    return variable->value;
}

char *
prc_fish_value_of (PrcFishScript *script, const PrcFishToken *word)
{
    return prc_fish_word_value (script->data, word, known_value, script);
}

static PrcFishVariable *
variable_named (PrcFishScript *script, const char *name)
{
    PrcFishVariable *variable = g_hash_table_lookup (script->variables, name);

    if (variable == NULL) {
        variable = g_new0 (PrcFishVariable, 1);
        g_hash_table_insert (script->variables, g_strdup (name), variable);
    }
    return variable;
}

const PrcFishToken *
prc_fish_word_at (const PrcFishCommand *command, guint i)
{
    return &g_array_index (command->words, PrcFishToken, i);
}

/* Lines that a command has to itself go whole; else it goes with its ';'. A part of a chain can't.
 */
static void
command_range (const PrcFishScript *script, const PrcFishCommand *command, gsize *ret_start,
               gsize *ret_end)
{
    const char *data = script->data;
    gsize start = command->start, end = command->end;

    while (start > 0 && (data[start - 1] == ' ' || data[start - 1] == '\t'))
        start--;
    while (end < script->size && strchr (" \t\r", data[end]) != NULL)
        end++;
    if (start == 0 || data[start - 1] == '\n') {
        if (end < script->size && data[end] == '#') {
            *ret_start = start;
            *ret_end = prc_document_line_end (script->doc, end);
        } else if (end == script->size || data[end] == '\n') {
            *ret_start = start;
            *ret_end = end + (end < script->size);
        } else if (data[end] == ';') {
            *ret_start = command->start;
            *ret_end = end + 1;
            while (*ret_end < script->size && data[*ret_end] == ' ')
                (*ret_end)++;
        }
        if (*ret_end > *ret_start)
            return;
    }
    *ret_start = *ret_end = command->start;
    if (data[start > 0 ? start - 1 : 0] == ';' &&
        (end == script->size || strchr ("\n;#", data[end]) != NULL)) {
        *ret_start = start - 1;
        *ret_end = command->end;
    }
}

static gboolean
is_whole_lines (const PrcFishScript *script, gsize start, gsize end)
{
    return end > start && (start == 0 || script->data[start - 1] == '\n') &&
           (end == script->size || script->data[end - 1] == '\n');
}

static PrcEntry *
add_entry (PrcFishScript *script, const PrcFishCommand *command, PrcEntryKind kind, const char *key,
           guint line)
{
    PrcEntry *entry = g_new0 (PrcEntry, 1);

    entry->kind = kind;
    entry->key = g_strdup (key);
    entry->line = line;
    entry->value_start = entry->value_end = command->end;
    entry->start = entry->end = command->start;
    if (!command->odd)
        command_range (script, command, &entry->start, &entry->end);
    /* In a block it may go with its lines, but may be a part of a chain otherwise. */
    if (command->conditional && !is_whole_lines (script, entry->start, entry->end))
        entry->start = entry->end = command->start;
    if (script->left) {
        entry->flags |= PRC_ENTRY_INERT;
        entry->detail = g_strdup (_ ("the file is left above by return or exit"));
    } else if (command->conditional || command->odd || script->maybe_left) {
        entry->flags |= PRC_ENTRY_CONDITIONAL;
        if (script->maybe_left && !command->conditional)
            entry->detail = g_strdup (_ ("the file may be left above by return or exit"));
    }
    g_ptr_array_add (script->entries, entry);
    return entry;
}

/* set */

typedef struct {
    gboolean export, unexport, global, local, function, universal, erase, query, append, path;
    gboolean unknown;
} SetOptions;

static gboolean *
option_named (SetOptions *options, const char *name, gsize length)
{
    const struct {
        const char *name;
        gboolean *flag;
    } rows[] = {
        { "x", &options->export },    { "export", &options->export },
        { "u", &options->unexport },  { "unexport", &options->unexport },
        { "g", &options->global },    { "global", &options->global },
        { "l", &options->local },     { "local", &options->local },
        { "f", &options->function },  { "function", &options->function },
        { "U", &options->universal }, { "universal", &options->universal },
        { "e", &options->erase },     { "erase", &options->erase },
        { "q", &options->query },     { "query", &options->query },
        { "n", &options->query },     { "names", &options->query },
        { "S", &options->query },     { "show", &options->query },
        { "h", &options->query },     { "help", &options->query },
        { "a", &options->append },    { "append", &options->append },
        { "p", &options->append },    { "prepend", &options->append },
        { "path", &options->path },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
        if (strlen (rows[i].name) == length && memcmp (rows[i].name, name, length) == 0)
            return rows[i].flag;
    return &options->unknown;
}

/* Returns the index of the first word that is no option. */
static guint
read_options (const PrcFishScript *script, const PrcFishCommand *command, SetOptions *options)
{
    guint i = 1;

    for (; i < command->words->len; i++) {
        const PrcFishToken *word = prc_fish_word_at (command, i);
        const char *text = script->data + word->start;
        gsize length = word->end - word->start;

        if (text[0] != '-' || length < 2)
            break;
        if (!word->bare) {
            options->unknown = TRUE;
        } else if (text[1] == '-' && length == 2) {
            return i + 1;
        } else if (text[1] == '-') {
            *option_named (options, text + 2, length - 2) = TRUE;
        } else {
            for (gsize k = 1; k < length; k++)
                *option_named (options, text + k, 1) = TRUE;
        }
    }
    return i;
}

gboolean
prc_fish_is_name (const char *name)
{
    if (name == NULL || *name == '\0')
        return FALSE;
    while (g_ascii_isalnum (*name) || *name == '_')
        name++;
    return *name == '\0';
}

/* The words from @first on, as programs see them: joined by blanks, or by ':' in a path variable.
 */
static char *
joined_values (PrcFishScript *script, const PrcFishCommand *command, guint first, const char *name)
{
    g_autoptr (GString) joined = g_string_new (NULL);

    for (guint i = first; i < command->words->len; i++) {
        g_autoptr (PrcWipedString) value =
            prc_fish_value_of (script, prc_fish_word_at (command, i));

        if (value == NULL)
            return NULL;
        if (i > first)
            g_string_append_c (joined, g_str_has_suffix (name, "PATH") ? ':' : ' ');
        g_string_append (joined, value);
    }
    return g_string_free (g_steal_pointer (&joined), FALSE);
}

static void
erase_variables (PrcFishScript *script, const PrcFishCommand *command, guint first,
                 const SetOptions *options)
{
    for (guint i = first; i < command->words->len; i++) {
        g_autofree char *name = prc_fish_value_of (script, prc_fish_word_at (command, i));
        PrcFishVariable *variable = NULL;
        PrcEntry *entry = NULL;

        if (!prc_fish_is_name (name))
            continue;
        variable = variable_named (script, name);
        entry =
            add_entry (script, command, PRC_ENTRY_UNSET, name, prc_fish_word_at (command, i)->line);
        if (command->words->len - first > 1)
            entry->start = prc_fish_word_at (command, i - 1)->end,
            entry->end = prc_fish_word_at (command, i)->end;
        if (options->local || variable->local || options->unknown) {
            entry->flags |= PRC_ENTRY_PRIVATE;
            variable->local = FALSE;
            variable->uncertain = TRUE;
        } else if (variable->universal || options->universal) {
            entry->flags |= PRC_ENTRY_DYNAMIC;
            variable->uncertain = TRUE;
        } else if (prc_statement_is_certain (entry)) {
            variable->exported = FALSE;
        } else {
            variable->uncertain = TRUE;
        }
        g_clear_pointer (&variable->value, prc_wipe_free);
    }
}

/* Then `$name` may not be what was set last. */
static gboolean
has_local (const PrcFishVariable *variable)
{
    return variable->local || variable->maybe_local;
}

/* Whether programs see what is set, and what later settings of the same variable will mean. */
static void
settle_scope (const PrcFishScript *script, PrcFishVariable *variable, PrcEntry *entry,
              const SetOptions *options)
{
    gboolean plain = !options->global && !options->universal && !options->function;
    gboolean certain = prc_statement_is_certain (entry) && !variable->uncertain;

    if (options->function)
        entry->flags |= PRC_ENTRY_CONDITIONAL;
    if (options->local || (plain && variable->local)) {
        entry->flags |= PRC_ENTRY_PRIVATE;
        if (script->block_depth == 0 && prc_statement_is_certain (entry))
            variable->local = TRUE;
        else
            variable->maybe_local = TRUE;
        return;
    }
    if (plain && variable->maybe_local)
        entry->flags |= PRC_ENTRY_DYNAMIC;
    if (options->universal && variable->last != NULL) {
        entry->flags |= PRC_ENTRY_DYNAMIC; /* hidden by the global one, if that is there */
    } else if (options->unexport && variable->last != NULL) {
        entry->kind = PRC_ENTRY_UNSET; /* for programs it is gone */
        g_free (entry->detail);
        entry->detail = g_strdup (_ ("from here on it is not exported"));
    } else if (options->unexport) {
        entry->flags |= PRC_ENTRY_PRIVATE;
    } else if (!options->export && (!variable->exported || variable->uncertain)) {
        entry->flags |= certain ? PRC_ENTRY_PRIVATE : PRC_ENTRY_DYNAMIC;
    }
    if (prc_statement_is_certain (entry) && options->export && options->global)
        variable->uncertain = FALSE;
    if (prc_statement_is_certain (entry))
        variable->exported = (options->export || variable->exported) && !options->unexport;
    else
        variable->uncertain = TRUE;
    variable->universal = variable->universal || options->universal;
    variable->last = entry;
}

static void
read_set (PrcFishScript *script, const PrcFishCommand *command)
{
    SetOptions options = { 0 };
    guint first = read_options (script, command, &options);
    g_autofree char *name = NULL;
    PrcFishVariable *variable = NULL;
    PrcEntry *entry = NULL;
    char *value = NULL;

    if (options.query || first >= command->words->len)
        return;
    if (options.erase) {
        erase_variables (script, command, first, &options);
        return;
    }
    name = prc_fish_value_of (script, prc_fish_word_at (command, first));
    if (name != NULL && strchr (name, '[') != NULL) { /* one element of a list */
        *strchr (name, '[') = '\0';
        options.unknown = TRUE;
    }
    if (!prc_fish_is_name (name))
        return;
    value = joined_values (script, command, first + 1, name);
    variable = variable_named (script, name);
    entry =
        add_entry (script, command, PRC_ENTRY_SET, name, prc_fish_word_at (command, first)->line);
    if (command->words->len > first + 1) {
        entry->value_start = prc_fish_word_at (command, first + 1)->start;
        entry->value_end = prc_fish_word_at (command, command->words->len - 1)->end;
    }
    if (options.unknown || options.append || options.path)
        g_clear_pointer (&value, prc_wipe_free);
    settle_scope (script, variable, entry, &options);
    prc_wipe_free (variable->value);
    variable->value = prc_statement_is_certain (entry) && !has_local (variable) &&
                              command->words->len == first + 2 && !g_str_has_suffix (name, "PATH")
                          ? g_strdup (value)
                          : NULL;
    entry->value = value;
    if (value == NULL)
        entry->flags |= PRC_ENTRY_DYNAMIC;
    if ((entry->flags & PRC_ENTRY_DYNAMIC) != 0)
        g_clear_pointer (&entry->value, prc_wipe_free);
}

/* export N=V …, a function that fish comes with */

static void
read_export_word (PrcFishScript *script, const PrcFishCommand *command, guint i)
{
    const PrcFishToken *word = prc_fish_word_at (command, i);
    g_autoptr (PrcWipedString) text = prc_fish_value_of (script, word);
    const char *raw = script->data + word->start;
    const char *equals = memchr (raw, '=', word->end - word->start);
    g_autofree char *name = NULL;
    PrcFishVariable *variable = NULL;
    PrcEntry *entry = NULL;

    if (equals != NULL)
        name = g_strndup (raw, (gsize) (equals - raw));
    else
        name = g_strdup (text);
    if (!prc_fish_is_name (name))
        return;
    variable = variable_named (script, name);
    entry = add_entry (script, command, equals != NULL ? PRC_ENTRY_SET : PRC_ENTRY_EXPORT, name,
                       word->line);
    if (command->words->len > 2 && entry->end > entry->start) {
        entry->start = prc_fish_word_at (command, i - 1)->end;
        entry->end = word->end;
    }
    if (equals == NULL) {
        /* export is a function, which sees no local variable of its caller */
        if (prc_statement_is_certain (entry) && variable->last != NULL)
            variable->last->flags &= ~(guint) PRC_ENTRY_PRIVATE;
        variable->exported = variable->exported || prc_statement_is_certain (entry);
        variable->uncertain = variable->uncertain || !prc_statement_is_certain (entry);
        return;
    }
    entry->value_start = word->start + (gsize) (equals - raw) + 1;
    entry->value_end = word->end;
    if (text != NULL && strchr (text, '\n') == NULL)
        entry->value = g_strdup (strchr (text, '=') + 1);
    else
        entry->flags |= PRC_ENTRY_DYNAMIC;
    variable->exported = variable->exported || prc_statement_is_certain (entry);
    /* a word with an empty list in it is no word at all */
    variable->uncertain = !prc_statement_is_certain (entry) || entry->value == NULL;
    variable->last = entry;
    prc_wipe_free (variable->value);
    variable->value = prc_statement_is_certain (entry) && !has_local (variable) &&
                              !g_str_has_suffix (name, "PATH")
                          ? g_strdup (entry->value)
                          : NULL;
}

void
prc_fish_read_source (PrcFishScript *script, const PrcFishCommand *command)
{
    const PrcFishToken *word = NULL;
    PrcEntry *entry = NULL;

    if (command->words->len != 2)
        return;
    word = prc_fish_word_at (command, 1);
    entry = add_entry (script, command, PRC_ENTRY_SET, PRC_STATEMENT_SOURCE, word->line);
    entry->flags |= PRC_ENTRY_LIST;
    entry->value_start = word->start;
    entry->value_end = word->end;
    entry->value = prc_fish_value_of (script, word);
    if (entry->value == NULL)
        entry->flags |= PRC_ENTRY_DYNAMIC;
}

void
prc_fish_read_eval (PrcFishScript *script, const PrcFishCommand *command, char *value, guint line)
{
    PrcEntry *entry = add_entry (script, command, PRC_ENTRY_SET, PRC_STATEMENT_EVAL, line);

    entry->flags |= PRC_ENTRY_LIST;
    entry->value_start = command->start;
    entry->value_end = command->end;
    entry->value = value;
}

static void
leave (PrcFishScript *script, const PrcFishCommand *command)
{
    if (script->exit_at == script->size && !script->left)
        script->exit_at = script->statement;
    if (command->conditional || command->odd)
        script->maybe_left = TRUE;
    else
        script->left = TRUE;
}

/* `for N in …`, `read N`: the script sets it, to what is not known. */
static void
forget (PrcFishScript *script, const PrcFishCommand *command)
{
    for (guint i = 1; i < command->words->len; i++) {
        g_autofree char *name = prc_fish_value_of (script, prc_fish_word_at (command, i));
        PrcFishVariable *variable =
            prc_fish_is_name (name) ? g_hash_table_lookup (script->variables, name) : NULL;

        if (variable != NULL) {
            g_clear_pointer (&variable->value, prc_wipe_free);
            variable->uncertain = TRUE;
        }
    }
}

void
prc_fish_run_command (PrcFishScript *script, PrcFishCommand *command)
{
    const PrcFishToken *first = prc_fish_word_at (command, 0);

    if (prc_fish_is_word (script, first, "builtin") && command->words->len > 1) {
        g_array_remove_index (command->words, 0);
        first = prc_fish_word_at (command, 0);
    }
    if (prc_fish_is_word (script, first, "set"))
        read_set (script, command);
    else if (prc_fish_is_word (script, first, "export"))
        for (guint i = 1; i < command->words->len; i++)
            read_export_word (script, command, i);
    else if (prc_fish_is_word (script, first, "source") || prc_fish_is_word (script, first, "."))
        prc_fish_read_source (script, command);
    else if (prc_fish_is_word (script, first, "read") || prc_fish_is_word (script, first, "for"))
        forget (script, command);
    else if ((prc_fish_is_word (script, first, "return") && script->function_depth == 0) ||
             prc_fish_is_word (script, first, "exit") || prc_fish_is_word (script, first, "exec"))
        leave (script, command);
}

#include "formats/shell-state.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"

static void
state_clear (PrcShellState *state)
{
    prc_wipe_free (state->value);
    state->value = NULL;
}

static PrcShellState
state_copy (const PrcShellState *state)
{
    PrcShellState copy = *state;

    copy.value = g_strdup (state->value);
    return copy;
}

static void
state_free (gpointer data)
{
    state_clear (data);
    g_free (data);
}

static void
variable_free (gpointer data)
{
    PrcShellVariable *variable = data;

    state_clear (&variable->state);
    if (variable->live != NULL)
        g_ptr_array_unref (variable->live);
    g_free (variable->name);
    g_free (variable);
}

static void
function_free (gpointer data)
{
    PrcShellFunction *function = data;

    g_free (function->name);
    g_hash_table_unref (function->touched);
    g_hash_table_unref (function->calls);
    g_hash_table_unref (function->locals);
    g_free (function);
}

/* As g_strv_contains(), for lists that are asked often. */
static gboolean
is_among (const char *const *names, const char *name)
{
    for (; *names != NULL; names++)
        if (**names == *name && strcmp (*names, name) == 0)
            return TRUE;
    return FALSE;
}

static gboolean
is_special (PrcShellDialect dialect, const char *name)
{
    static const char *const always[] = { "IFS", "LINENO", "OPTARG", "OPTIND", "PPID",
                                          "PWD", "OLDPWD", "_",      NULL };
    static const char *const bash[] = {
        "RANDOM",    "SRANDOM",   "SECONDS",  "EPOCHSECONDS", "EPOCHREALTIME",
        "HISTCMD",   "GROUPS",    "DIRSTACK", "FUNCNAME",     "EUID",
        "UID",       "SHELLOPTS", "BASHOPTS", "BASHPID",      "COMP_CWORD",
        "COMP_LINE", "SHLVL",     "COLUMNS",  "LINES",        NULL,
    };
    static const char *const zsh[] = {
        "RANDOM",
        "SECONDS",
        "UID",
        "EUID",
        "GID",
        "EGID",
        "USERNAME",
        "status",
        "pipestatus",
        "argv",
        "ARGC",
        "HISTSIZE",
        "SAVEHIST",
        "HISTCMD",
        "path",
        "PATH",
        "fpath",
        "FPATH",
        "cdpath",
        "CDPATH",
        "manpath",
        "MANPATH",
        "mailpath",
        "MAILPATH",
        "module_path",
        "MODULE_PATH",
        "fignore",
        "FIGNORE",
        "psvar",
        "PSVAR",
        "watch",
        "WATCH",
        "zsh_eval_context",
        "LINES",
        "COLUMNS",
        "TTY",
        "SHLVL",
        "KEYTIMEOUT",
        "LISTMAX",
        "FUNCNEST",
        "signals",
        "options",
        "commands",
        "functions",
        "aliases",
        "parameters",
        "BAUD",
        "DIRSTACKSIZE",
        "ERRNO",
        "TTYIDLE",
        "LOGCHECK",
        "MAILCHECK",
        "MATCH",
        "match",
        "REPLY",
        "reply",
        "histchars",
        "HISTCHARS",
        "dirstack",
        "history",
        "widgets",
        "prompt",
        "TRY_BLOCK_ERROR",
        "TRY_BLOCK_INTERRUPT",
        "WORDCHARS",
        "terminfo",
        "termcap",
        "jobstates",
        NULL,
    };

    if (is_among (always, name))
        return TRUE;
    if (dialect == PRC_SHELL_BASH)
        return is_among (bash, name) || g_str_has_prefix (name, "BASH_");
    return dialect == PRC_SHELL_ZSH && is_among (zsh, name);
}

PrcShellVariable *
prc_shell_variable (PrcShellMachine *m, const char *name)
{
    PrcShellVariable *variable = NULL;

    if (m->variables == NULL)
        m->variables = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, variable_free);
    variable = g_hash_table_lookup (m->variables, name);
    if (variable == NULL) {
        variable = g_new0 (PrcShellVariable, 1);
        variable->name = g_strdup (name);
        variable->special = is_special (m->syntax->dialect, name);
        g_hash_table_insert (m->variables, variable->name, variable);
    }
    return variable;
}

PrcShellFunction *
prc_shell_function (PrcShellMachine *m, const char *name)
{
    PrcShellFunction *function = NULL;

    if (m->functions == NULL)
        m->functions = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, function_free);
    function = g_hash_table_lookup (m->functions, name);
    if (function == NULL) {
        function = g_new0 (PrcShellFunction, 1);
        function->name = g_strdup (name);
        function->touched = g_hash_table_new (NULL, NULL);
        function->calls = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
        function->locals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert (m->functions, function->name, function);
    }
    return function;
}

void
prc_shell_touch (PrcShellMachine *m, PrcShellVariable *variable)
{
    PrcShellScope *scope = m->scope;
    PrcShellState *saved = NULL;

    if (scope == NULL)
        return;
    if (scope->saved == NULL)
        scope->saved = g_hash_table_new_full (NULL, NULL, NULL, state_free);
    if (g_hash_table_contains (scope->saved, variable))
        return;
    saved = g_new0 (PrcShellState, 1);
    *saved = state_copy (&variable->state);
    g_hash_table_insert (scope->saved, variable, saved);
}

void
prc_shell_know (PrcShellMachine *m, PrcShellVariable *variable, PrcShellKnowledge known,
                const char *value)
{
    char *copy = g_strdup (value);

    prc_shell_touch (m, variable);
    state_clear (&variable->state);
    variable->state.known = known;
    variable->state.value = copy;
    variable->state.barrier = m->barrier;
}

void
prc_shell_scope_enter (PrcShellMachine *m, PrcShellScope *scope, gboolean barrier)
{
    *scope = (PrcShellScope){ .parent = m->scope, .barrier = m->barrier, .stopped = m->stopped };
    m->scope = scope;
    m->conditional++;
    if (barrier)
        m->barrier = ++m->last_barrier;
}

static gboolean
same_value (const PrcShellState *a, const PrcShellState *b)
{
    return a->known == b->known && a->barrier == b->barrier && g_strcmp0 (a->value, b->value) == 0;
}

static void
join (PrcShellMachine *m, PrcShellVariable *variable, const PrcShellState *before)
{
    PrcShellState after = state_copy (&variable->state);

    /* The outer scope has to save what was there before this one. */
    state_clear (&variable->state);
    variable->state = state_copy (before);
    prc_shell_touch (m, variable);
    if (!same_value (before, &after)) {
        state_clear (&variable->state);
        variable->state.known = PRC_SHELL_UNKNOWN;
    }
    if (before->exported != after.exported)
        variable->state.exported = PRC_MAYBE;
    if (before->readonly != after.readonly)
        variable->state.readonly = PRC_MAYBE;
    variable->state.transformed = before->transformed || after.transformed;
    state_clear (&after);
}

static void
pop (PrcShellMachine *m, PrcShellScope *scope)
{
    m->scope = scope->parent;
    m->conditional--;
    m->barrier = scope->barrier;
    m->stopped = scope->stopped;
    if (scope->locals != NULL)
        g_hash_table_unref (scope->locals);
}

void
prc_shell_scope_leave (PrcShellMachine *m, PrcShellScope *scope)
{
    GHashTableIter iter;
    gpointer variable, before;

    pop (m, scope);
    if (scope->saved == NULL)
        return;
    g_hash_table_iter_init (&iter, scope->saved);
    while (g_hash_table_iter_next (&iter, &variable, &before))
        join (m, variable, before);
    g_hash_table_unref (scope->saved);
}

void
prc_shell_scope_forget (PrcShellMachine *m, PrcShellScope *scope)
{
    GHashTableIter iter;
    gpointer key, before;

    pop (m, scope);
    if (scope->saved == NULL)
        return;
    g_hash_table_iter_init (&iter, scope->saved);
    while (g_hash_table_iter_next (&iter, &key, &before)) {
        PrcShellVariable *variable = key;

        if (scope->function != NULL)
            g_hash_table_add (scope->function->touched, variable);
        state_clear (&variable->state);
        variable->state = state_copy (before);
    }
    g_hash_table_unref (scope->saved);
}

gboolean
prc_shell_is_local (const PrcShellMachine *m, const char *name)
{
    for (const PrcShellScope *scope = m->scope; scope != NULL; scope = scope->parent)
        if (scope->locals != NULL && g_hash_table_contains (scope->locals, name))
            return TRUE;
    return FALSE;
}

static void
explain (PrcEntry *entry, const char *why)
{
    if (entry->detail == NULL && why != NULL)
        entry->detail = g_strdup (why);
}

void
prc_shell_disturb (PrcShellMachine *m, PrcShellVariable *variable, const char *why)
{
    if (m->stopped)
        return;
    prc_shell_know (m, variable, PRC_SHELL_UNKNOWN, NULL);
    for (guint i = 0; variable->live != NULL && i < variable->live->len; i++) {
        PrcShellRecord *record = g_ptr_array_index (variable->live, i);

        record->entry->flags |= PRC_ENTRY_CONDITIONAL;
        explain (record->entry, why);
    }
}

static void
remember_stop (PrcShellMachine *m, gsize at, const char *why)
{
    if (m->stop != G_MAXSIZE)
        return;
    m->stop = m->top_item != NULL ? m->top_item->start : at;
    /* Translators: what ends a file: `exit`, "a missing variable" and the like */
    m->stop_why = g_strdup_printf (_ ("line %u: %s"), prc_shell_line (m->syntax, at), why);
}

void
prc_shell_doubt (PrcShellMachine *m, gsize at, const char *why)
{
    if (m->stopped)
        return;
    for (PrcShellScope *scope = m->scope; scope != NULL; scope = scope->parent)
        if (scope->function != NULL) {
            scope->function->may_exit = TRUE;
            return;
        }
    remember_stop (m, at, why);
    if (m->doubt == NULL)
        /* Translators: what ends a file: `exit`, "a missing variable" and the like */
        m->doubt = g_strdup_printf (_ ("line %u may end the file before it: %s"),
                                    prc_shell_line (m->syntax, at), why);
}

void
prc_shell_stop (PrcShellMachine *m, gsize at, const char *why)
{
    if (m->stopped)
        return;
    if (m->conditional > 0)
        prc_shell_doubt (m, at, why);
    else
        remember_stop (m, at, why);
    m->stopped = TRUE;
}

static void
set_flags (PrcShellMachine *m, PrcEntry *entry)
{
    if (m->stopped) {
        entry->flags |= PRC_ENTRY_INERT;
        explain (entry, m->stop_why);
    }
    if (m->conditional > 0)
        entry->flags |= PRC_ENTRY_CONDITIONAL;
    if (m->doubt != NULL) {
        entry->flags |= PRC_ENTRY_CONDITIONAL;
        explain (entry, m->doubt);
    }
    if (entry->start < m->doubt_until) {
        entry->flags |= PRC_ENTRY_CONDITIONAL;
        explain (entry, _ ("an error earlier in this line"));
    }
    if (m->note != NULL)
        entry->flags |= PRC_ENTRY_INTERACTIVE;
    explain (entry, m->note);
}

PrcShellRecord *
prc_shell_record (PrcShellMachine *m, PrcShellForm form, PrcEntryKind kind, const char *name,
                  gsize name_at, PrcShellSpan word, PrcShellSpan value)
{
    PrcShellRecord *record = g_new0 (PrcShellRecord, 1);
    PrcEntry *entry = g_new0 (PrcEntry, 1);

    entry->kind = kind;
    entry->key = g_strdup (name);
    entry->start = word.start;
    entry->end = word.end;
    entry->value_start = value.start;
    entry->value_end = value.end;
    entry->line = prc_shell_line (m->syntax, name_at);
    set_flags (m, entry);
    record->entry = entry;
    record->form = form;
    record->word = word;
    record->command = m->command;
    record->item = m->item;
    record->list = m->list;
    record->sole = m->sole;
    record->top = m->list == m->syntax->list;
    for (const PrcShellScope *scope = m->scope; scope != NULL && record->function == NULL;
         scope = scope->parent)
        record->function = scope->function != NULL ? scope->function->name : NULL;
    g_ptr_array_add (m->records, record);
    return record;
}

/* The end of the file */

static gboolean
settles (const PrcShellRecord *record)
{
    const PrcShellVariable *variable = record->variable;

    return record->entry->kind == PRC_ENTRY_SET && variable != NULL &&
           variable->state.known == PRC_SHELL_KNOWN && variable->state.exported == PRC_YES &&
           (record->entry->flags & (PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC | PRC_ENTRY_INERT)) ==
               0;
}

/* How often each function's name stands in the file: more than defined means that it may be run. */
static void
count_names (PrcShellMachine *m, GHashTable *counts)
{
    const char *text = m->syntax->text;
    gsize size = m->syntax->size, i = 0;
    g_autoptr (GString) word = g_string_new (NULL);

    while (i < size) {
        gsize begin = i;
        gpointer key = NULL;

        while (i < size && (g_ascii_isalnum (text[i]) || strchr ("_-.:+@", text[i]) != NULL))
            i++;
        if (i == begin) {
            i++;
            continue;
        }
        g_string_truncate (word, 0);
        g_string_append_len (word, text + begin, (gssize) (i - begin));
        if (g_hash_table_lookup_extended (m->functions, word->str, &key, NULL))
            g_hash_table_insert (
                counts, key,
                GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1));
    }
}

static gboolean
is_hook (const char *name)
{
    static const char *const hooks[] = {
        "precmd",
        "preexec",
        "chpwd",
        "periodic",
        "zshaddhistory",
        "zshexit",
        "command_not_found_handler",
        "command_not_found_handle",
        NULL,
    };

    return g_strv_contains (hooks, name) || g_str_has_prefix (name, "TRAP");
}

static gboolean
any_in_function (const PrcShellMachine *m)
{
    for (guint i = 0; i < m->records->len; i++) {
        const PrcShellRecord *record = g_ptr_array_index (m->records, i);

        if (record->function != NULL)
            return TRUE;
    }
    return FALSE;
}

/* A function that nothing in the file runs does not shake what the file itself says. */
static void
retire (PrcShellRecord *record, const char *function, GHashTable *settled)
{
    PrcEntry *entry = record->entry;

    entry->uncalled = g_strdup (function);
    if (record->variable == NULL || !g_hash_table_contains (settled, record->variable))
        return;
    entry->flags |= PRC_ENTRY_INERT;
    g_free (entry->detail);
    entry->detail = g_strdup_printf (_ ("only when %s is called"), function);
}

static void
retire_uncalled (PrcShellMachine *m)
{
    g_autoptr (GHashTable) settled = NULL;
    g_autoptr (GHashTable) counts = NULL;

    if (m->functions == NULL || !any_in_function (m))
        return;
    settled = g_hash_table_new (NULL, NULL);
    for (guint i = 0; i < m->records->len; i++) {
        const PrcShellRecord *record = g_ptr_array_index (m->records, i);

        if (settles (record))
            g_hash_table_add (settled, record->variable);
    }
    counts = g_hash_table_new (g_str_hash, g_str_equal);
    count_names (m, counts);
    for (guint i = 0; i < m->records->len; i++) {
        PrcShellRecord *record = g_ptr_array_index (m->records, i);
        const PrcShellFunction *function =
            record->function != NULL ? g_hash_table_lookup (m->functions, record->function) : NULL;

        if (function != NULL && !function->called && !is_hook (function->name) &&
            GPOINTER_TO_UINT (g_hash_table_lookup (counts, function->name)) <=
                function->definitions)
            retire (record, function->name, settled);
    }
}

static void
settle_export (PrcShellRecord *record)
{
    const PrcShellVariable *variable = record->variable;
    PrcEntry *entry = record->entry;

    if (variable == NULL)
        return;
    if (entry->kind == PRC_ENTRY_UNSET) {
        /* `export -n x` counts only as long as x isn't exported again. */
        if (record->unexports && variable->state.exported == PRC_YES)
            entry->flags |= PRC_ENTRY_PRIVATE;
        else if (record->unexports && variable->state.exported == PRC_MAYBE)
            entry->flags |= PRC_ENTRY_CONDITIONAL;
        return;
    }
    if (entry->kind != PRC_ENTRY_SET || (entry->flags & PRC_ENTRY_INERT) != 0)
        return;
    if (variable->state.exported == PRC_NO && !record->exported_inside) {
        entry->flags |= PRC_ENTRY_PRIVATE;
        explain (entry, _ ("not exported"));
    } else if (variable->state.exported == PRC_MAYBE) {
        entry->flags |= PRC_ENTRY_CONDITIONAL;
        explain (entry, _ ("exported only sometimes"));
    }
}

static int
compare_records (gconstpointer a, gconstpointer b)
{
    const PrcShellRecord *x = *(const PrcShellRecord *const *) a;
    const PrcShellRecord *y = *(const PrcShellRecord *const *) b;

    return x->word.start < y->word.start ? -1 : x->word.start > y->word.start;
}

void
prc_shell_state_finish (PrcShellMachine *m)
{
    for (guint i = 0; i < m->records->len; i++)
        settle_export (g_ptr_array_index (m->records, i));
    retire_uncalled (m);
    g_ptr_array_sort (m->records, compare_records);
}

void
prc_shell_machine_clear (PrcShellMachine *m)
{
    g_clear_pointer (&m->variables, g_hash_table_unref);
    g_clear_pointer (&m->functions, g_hash_table_unref);
    g_clear_pointer (&m->aliases, g_hash_table_unref);
    g_clear_pointer (&m->doubt, g_free);
    g_clear_pointer (&m->note, g_free);
    g_clear_pointer (&m->loops, g_ptr_array_unref);
    g_clear_pointer (&m->stop_why, g_free);
    g_clear_pointer (&m->expander.why, g_free);
}

#include "formats/shell-state.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"

static PrcShellStatus run_list (PrcShellMachine *m, const PrcShellList *list);
static PrcShellStatus run_command (PrcShellMachine *m, const PrcShellCommand *command);

/* What the words ask of the machine */

static PrcShellKnowledge
lookup (gpointer data, const char *name, gboolean needed, const char **ret_value)
{
    PrcShellMachine *m = data;
    const PrcShellVariable *variable = g_hash_table_lookup (m->variables, name);
    PrcShellKnowledge known = PRC_SHELL_UNKNOWN;

    if (variable != NULL && !variable->special && !prc_shell_is_local (m, name) &&
        variable->state.barrier == m->barrier)
        known = variable->state.known;
    if (needed && m->nounset && known != PRC_SHELL_KNOWN)
        prc_shell_doubt (m, m->command != NULL ? m->command->start : 0,
                         /* Translators: what may end a shell script early, as in "line 5: …" */
                         _ ("a variable under `set -u`"));
    *ret_value = known == PRC_SHELL_KNOWN ? variable->state.value : NULL;
    return known;
}

/* How sure it is that ${name:=word} acts here. */
static PrcShellMaybe
is_missing (PrcShellMachine *m, const char *name, gboolean also_if_empty)
{
    const char *value = NULL;
    PrcShellKnowledge known = lookup (m, name, FALSE, &value);

    if (known == PRC_SHELL_UNKNOWN)
        return PRC_MAYBE;
    return known == PRC_SHELL_UNSET || (also_if_empty && *value == '\0') ? PRC_YES : PRC_NO;
}

static void
describe_default (PrcShellMachine *m, PrcShellRecord *record, PrcShellMaybe acts,
                  gboolean in_double)
{
    PrcEntry *entry = record->entry;
    PrcShellSpan command = m->command->n_words == 2 ? m->command->words[0] : (PrcShellSpan){ 0, 0 };

    record->in_double = in_double;
    if (acts == PRC_MAYBE && entry->detail == NULL)
        entry->detail = g_strdup (_ ("only when it has no value yet"));
    if (acts != PRC_NO)
        return;
    entry->flags |= PRC_ENTRY_INERT;
    /* Within another command it can't be removed either. */
    if (command.end - command.start != 1 || m->syntax->text[command.start] != ':')
        entry->flags |= PRC_ENTRY_CONDITIONAL;
    if (entry->detail == NULL)
        entry->detail = g_strdup (_ ("it has a value already"));
}

static void
assign_default (gpointer data, const char *name, PrcShellSpan name_at, PrcShellSpan word,
                gboolean also_if_empty, gboolean in_double)
{
    PrcShellMachine *m = data;
    PrcShellMaybe acts = is_missing (m, name, also_if_empty);
    PrcShellAssignment a = { .name = (char *) name,
                             .word = { name_at.start, word.end },
                             .value = word,
                             .mode = PRC_SHELL_WORD_VALUE,
                             .evaluated = TRUE };
    PrcShellScope scope;
    guint before = m->records->len;
    gboolean stopped = m->stopped;

    a.text = prc_shell_expand (&m->expander, word, PRC_SHELL_WORD_VALUE, in_double);
    a.why = a.text == NULL ? g_strdup (m->expander.why) : NULL;
    m->stopped = stopped || acts == PRC_NO;
    if (acts == PRC_MAYBE)
        prc_shell_scope_enter (m, &scope, FALSE);
    if (!prc_shell_assign (m, &a, PRC_SHELL_FORM_DEFAULT, PRC_MAYBE, FALSE))
        prc_shell_read_only_error (m, name, name_at.start);
    if (acts == PRC_MAYBE)
        prc_shell_scope_leave (m, &scope);
    m->stopped = stopped;
    if (m->records->len > before && m->command != NULL)
        describe_default (m, g_ptr_array_index (m->records, m->records->len - 1), acts, in_double);
    prc_wipe_free (a.text);
    g_free (a.why);
}

static void
fail (gpointer data, gboolean surely, gsize at)
{
    PrcShellMachine *m = data;

    /* An interactive bash only drops the command. */
    if (surely && m->syntax->dialect != PRC_SHELL_BASH)
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_stop (m, at, _ ("a missing variable"));
    else
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_doubt (m, at, _ ("a variable that must be set"));
}

/* Functions */

static gboolean
call_visit (PrcShellMachine *m, PrcShellFunction *function, GHashTable *seen, const char *why)
{
    GHashTableIter iter;
    gpointer key;
    gboolean may_exit = function->may_exit;

    if (function->sets_allexport)
        m->allexport = PRC_MAYBE;
    if (function->names_any) {
        prc_shell_may_change_all (m, TRUE, why);
        prc_shell_may_change_arguments (m, why);
    }
    if (!g_hash_table_add (seen, function) || g_hash_table_size (seen) > 100)
        return FALSE;
    g_hash_table_iter_init (&iter, function->touched);
    while (g_hash_table_iter_next (&iter, &key, NULL)) {
        PrcShellVariable *variable = key;

        m->work++;
        prc_shell_disturb (m, variable, why);
        if (variable->state.exported == PRC_NO)
            variable->state.exported = PRC_MAYBE;
    }
    if (m->allexport != PRC_NO) {
        PrcShellSpan at = { m->command->start, m->command->start };

        g_hash_table_iter_init (&iter, function->locals);
        while (g_hash_table_iter_next (&iter, &key, NULL) && m->work++ < PRC_SHELL_WORK_MAX)
            prc_shell_assign_unknown (m, key, at, why);
    }
    g_hash_table_iter_init (&iter, function->calls);
    while (g_hash_table_iter_next (&iter, &key, NULL)) {
        PrcShellFunction *next = g_hash_table_lookup (m->functions, key);

        /* dash and zsh give up a file in which one calls itself without end. */
        if ((next == function && m->syntax->dialect != PRC_SHELL_BASH) ||
            (next != NULL && call_visit (m, next, seen, why)))
            may_exit = TRUE;
    }
    return may_exit;
}

static PrcShellStatus
call_function (PrcShellMachine *m, PrcShellFunction *function)
{
    g_autoptr (GHashTable) seen = NULL;
    g_autofree char *why = NULL;

    for (PrcShellScope *scope = m->scope; scope != NULL; scope = scope->parent)
        if (scope->function != NULL)
            g_hash_table_add (scope->function->calls, g_strdup (function->name));
    if (m->stopped)
        return PRC_STATUS_UNKNOWN;
    seen = g_hash_table_new (NULL, NULL);
    /* Translators: a function of the script */
    why = g_strdup_printf (_ ("%s, called in line %u, may change it"), function->name,
                           prc_shell_line (m->syntax, m->command->start));
    if (m->work > PRC_SHELL_WORK_MAX || call_visit (m, function, seen, why))
        prc_shell_doubt (m, m->command->start, function->name);
    return PRC_STATUS_UNKNOWN;
}

static PrcShellStatus
run_function_definition (PrcShellMachine *m, const PrcShellCommand *command)
{
    gboolean anonymous = command->n_words == 0;
    PrcShellMaybe allexport = m->allexport;
    gboolean errexit = m->errexit, nounset = m->nounset;

    for (guint i = 0; i < MAX (command->n_words, 1); i++) {
        PrcShellScope scope;
        g_autofree char *name = anonymous
                                    ? g_strdup (" anonymous")
                                    : g_strndup (m->syntax->text + command->words[i].start,
                                                 command->words[i].end - command->words[i].start);
        PrcShellFunction *function = prc_shell_function (m, name);
        guint first = m->records->len;

        function->definitions++;
        function->called = function->called || anonymous;
        prc_shell_scope_enter (m, &scope, TRUE);
        scope.function = function;
        if (i == 0)
            run_list (m, command->lists[0]);
        for (guint r = first; r < m->records->len; r++) {
            PrcShellRecord *record = g_ptr_array_index (m->records, r);
            const PrcShellVariable *variable = record->variable;

            if (variable != NULL && variable->state.exported != PRC_NO)
                record->exported_inside = TRUE;
        }
        if (anonymous)
            prc_shell_scope_leave (m, &scope);
        else
            prc_shell_scope_forget (m, &scope);
        if (anonymous && function->may_exit)
            prc_shell_doubt (m, command->start, "exit");
    }
    m->allexport = allexport;
    m->errexit = errexit;
    m->nounset = nounset;
    return PRC_STATUS_OK;
}

/* Simple commands */

static PrcShellStatus
run_assignments (PrcShellMachine *m, guint n)
{
    PrcShellStatus status = PRC_STATUS_OK;

    for (guint i = 0; i < n; i++) {
        PrcShellAssignment a = { 0 };

        if (!prc_shell_read_assignment (m->syntax, m->command->words[i], &a))
            continue;
        if (prc_shell_has_substitution (m->syntax, a.value))
            status = PRC_STATUS_UNKNOWN;
        if (!prc_shell_assign (m, &a, PRC_SHELL_FORM_ASSIGN, PRC_MAYBE, FALSE)) {
            prc_shell_read_only_error (m, a.name, a.word.start);
            status = PRC_STATUS_FAILED;
        }
        g_free (a.name);
    }
    return status;
}

static guint
count_assignments (const PrcShellMachine *m)
{
    guint n = 0;

    for (n = 0; n < m->command->n_words; n++) {
        PrcShellAssignment a = { 0 };

        if (!prc_shell_read_assignment (m->syntax, m->command->words[n], &a))
            break;
        g_free (a.name);
    }
    return n;
}

/* bash and zsh keep `a=1 export a` in ways of their own. */
static void
distrust_assignments (PrcShellMachine *m, guint n)
{
    for (guint i = 0; i < n; i++) {
        PrcShellAssignment a = { 0 };

        if (!prc_shell_read_assignment (m->syntax, m->command->words[i], &a))
            continue;
        for (guint j = n + 1; j < m->command->n_words; j++) {
            PrcShellSpan word = m->command->words[j];

            if (memmem (m->syntax->text + word.start, word.end - word.start, a.name,
                        strlen (a.name)) != NULL) {
                prc_shell_disturb (m, prc_shell_variable (m, a.name),
                                   _ ("set for one command only"));
                prc_shell_assign_unknown (m, a.name, a.word, _ ("set for one command only"));
                break;
            }
        }
        g_free (a.name);
    }
}

void
prc_shell_run_expansions (PrcShellMachine *m, guint from)
{
    for (guint i = from; i < m->command->n_words; i++) {
        PrcShellSpan word = m->command->words[i];

        if (memchr (m->syntax->text + word.start, '$', word.end - word.start) != NULL)
            prc_wipe_free (prc_shell_expand (&m->expander, word, PRC_SHELL_WORD_VALUE, FALSE));
    }
}

PrcShellStatus
prc_shell_run_words (PrcShellMachine *m, guint index, gboolean plain)
{
    g_autofree char *name =
        prc_shell_expand (&m->expander, m->command->words[index], PRC_SHELL_WORD_ARG, FALSE);
    PrcShellSpan word = m->command->words[index];
    PrcShellStatus status = PRC_STATUS_UNKNOWN;
    PrcShellFunction *function = NULL;
    const char *alias = NULL;

    if (name == NULL)
        return PRC_STATUS_UNKNOWN;
    plain = plain && strlen (name) == word.end - word.start;
    alias = plain && m->aliases != NULL ? g_hash_table_lookup (m->aliases, name) : NULL;
    if (alias != NULL && !m->stopped)
        /* Translators: what may change the value of a shell variable */
        prc_shell_disturb_text (m, alias, strlen (alias), word.start, _ ("an alias"));
    if (m->functions != NULL)
        function = g_hash_table_lookup (m->functions, name);
    if (function != NULL && (plain || index == 0))
        status = call_function (m, function);
    if (prc_shell_run_builtin (m, name, index, plain, &status))
        return function == NULL && alias == NULL ? status : PRC_STATUS_UNKNOWN;
    prc_shell_run_expansions (m, index + 1);
    return PRC_STATUS_UNKNOWN;
}

static PrcShellStatus
run_simple (PrcShellMachine *m, const PrcShellCommand *command)
{
    guint n = count_assignments (m);
    PrcShellStatus status = PRC_STATUS_OK;
    g_autofree char *name = NULL;

    if (n == command->n_words)
        return n > 0 ? run_assignments (m, n) : PRC_STATUS_UNKNOWN;
    if (n == 0)
        return prc_shell_run_words (m, 0, TRUE);
    name = prc_shell_expand (&m->expander, command->words[n], PRC_SHELL_WORD_ARG, FALSE);
    if (name == NULL || !prc_shell_is_special_builtin (name))
        return prc_shell_run_words (m, n, TRUE);
    if (m->syntax->dialect != PRC_SHELL_SH) {
        distrust_assignments (m, n);
        status = prc_shell_run_words (m, n, TRUE);
        distrust_assignments (m, n);
        return status;
    }
    status = prc_shell_run_words (m, n, TRUE);
    (void) run_assignments (m, n);
    return status;
}

/* Compound commands */

/* A branch that ends the file: by what decides it, the rest is for interactive shells, or in doubt.
 */
static void
leave_branch (PrcShellMachine *m, PrcShellScope *scope, PrcShellStatus taken_if,
              PrcShellStatus condition, char *doubt_before, gsize stop_before)
{
    gboolean ended = m->stopped && !scope->stopped;
    gboolean guard =
        ended && ((taken_if == PRC_STATUS_OK && condition == PRC_STATUS_FAILED_IF_INTERACTIVE) ||
                  (taken_if == PRC_STATUS_FAILED && condition == PRC_STATUS_OK_IF_INTERACTIVE));

    prc_shell_scope_leave (m, scope);
    if (!guard || m->doubt == doubt_before)
        return;
    g_clear_pointer (&m->doubt, g_free);
    if (stop_before == G_MAXSIZE && m->scope == NULL) {
        if (m->note == NULL)
            /* Translators: what keeps the others away: "line 5: return" */
            m->note = g_strdup_printf (_ ("read by interactive shells only: %s"), m->stop_why);
        m->stop = G_MAXSIZE;
        g_clear_pointer (&m->stop_why, g_free);
    }
}

static void
run_branch (PrcShellMachine *m, const PrcShellList *list, PrcShellStatus taken_if,
            PrcShellStatus condition)
{
    PrcShellScope scope;
    char *doubt = m->doubt;
    gsize stop = m->stop;

    prc_shell_scope_enter (m, &scope, FALSE);
    run_list (m, list);
    leave_branch (m, &scope, taken_if, condition, doubt, stop);
}

/* What is never reached, only to name what stands in it. */
static void
run_dead (PrcShellMachine *m, const PrcShellList *list)
{
    gboolean stopped = m->stopped;

    m->stopped = TRUE;
    run_list (m, list);
    m->stopped = stopped;
}

static PrcShellStatus
run_if (PrcShellMachine *m, const PrcShellCommand *command)
{
    guint i = 0, n = command->n_lists - (command->has_else ? 1 : 0), open = 0;
    PrcShellScope scopes[64];
    PrcShellStatus status = PRC_STATUS_UNKNOWN;
    gboolean decided = FALSE;

    for (i = 0; i < n; i += 2) {
        PrcShellStatus condition = PRC_STATUS_UNKNOWN;

        if (decided) {
            run_dead (m, command->lists[i]);
            run_dead (m, command->lists[i + 1]);
            continue;
        }
        condition = run_list (m, command->lists[i]);
        if (condition == PRC_STATUS_OK && open == 0) {
            status = run_list (m, command->lists[i + 1]);
            decided = TRUE;
        } else if (condition == PRC_STATUS_FAILED && open == 0) {
            run_dead (m, command->lists[i + 1]);
            status = PRC_STATUS_OK;
        } else {
            run_branch (m, command->lists[i + 1], PRC_STATUS_OK, condition);
            status = PRC_STATUS_UNKNOWN;
            /* What follows is tried only if this one wasn't taken. */
            if (open < G_N_ELEMENTS (scopes))
                prc_shell_scope_enter (m, &scopes[open++], FALSE);
        }
    }
    if (command->has_else) {
        if (decided)
            run_dead (m, command->lists[n]);
        else if (open == 0)
            status = run_list (m, command->lists[n]);
        else
            run_branch (m, command->lists[n], PRC_STATUS_UNKNOWN, PRC_STATUS_UNKNOWN);
    }
    while (open > 0)
        prc_shell_scope_leave (m, &scopes[--open]);
    return status;
}

/* A `set -a` in a loop holds for what stands before it, the next time round. */
static void
export_next_time (PrcShellScope *scope)
{
    GHashTableIter iter;
    gpointer variable;

    if (scope->saved == NULL)
        return;
    g_hash_table_iter_init (&iter, scope->saved);
    while (g_hash_table_iter_next (&iter, &variable, NULL))
        if (((PrcShellVariable *) variable)->state.exported == PRC_NO)
            ((PrcShellVariable *) variable)->state.exported = PRC_MAYBE;
}

static void
run_loop (PrcShellMachine *m, const PrcShellCommand *command)
{
    PrcShellScope scope;
    PrcShellMaybe allexport = m->allexport;

    prc_shell_scope_enter (m, &scope, TRUE);
    if (m->loops == NULL)
        m->loops = g_ptr_array_new ();
    g_ptr_array_add (m->loops, (gpointer) command);
    if (command->kind == PRC_SHELL_FOR && command->n_words > 0) {
        PrcShellSpan at = command->words[0];
        g_autofree char *name = g_strndup (m->syntax->text + at.start, at.end - at.start);

        /* Translators: what may change the value of a shell variable */
        prc_shell_assign_unknown (m, name, at, _ ("the variable of a loop"));
        if (prc_shell_variable (m, name)->integer && !m->stopped)
            /* Translators: what may end a shell script early, as in "line 5: …" */
            prc_shell_doubt (m, at.start, _ ("a value that may be no number"));
    }
    for (guint i = 0; i < command->n_lists; i++)
        run_list (m, command->lists[i]);
    if (m->allexport != allexport)
        export_next_time (&scope);
    g_ptr_array_set_size (m->loops, (int) m->loops->len - 1);
    prc_shell_scope_leave (m, &scope);
}

static gboolean
span_is (const PrcShellMachine *m, PrcShellSpan span, const char *text)
{
    return span.end - span.start == strlen (text) &&
           memcmp (m->syntax->text + span.start, text, span.end - span.start) == 0;
}

/* `case $- in *i*) ;; *) return;; esac` */
static void
run_case (PrcShellMachine *m, const PrcShellCommand *command)
{
    gboolean flags =
        span_is (m, command->words[0], "$-") || span_is (m, command->words[0], "\"$-\"");
    gboolean seen_i = FALSE;

    for (guint i = 0; i < command->n_lists; i++) {
        PrcShellSpan pattern = command->words[i + 1];
        gboolean has_i =
            memchr (m->syntax->text + pattern.start, 'i', pattern.end - pattern.start) != NULL;
        /* An interactive shell takes the branch that names i. */
        gboolean guard = flags && ((seen_i && !has_i) || span_is (m, pattern, "*[!i]*"));

        run_branch (m, command->lists[i], PRC_STATUS_FAILED,
                    guard ? PRC_STATUS_OK_IF_INTERACTIVE : PRC_STATUS_UNKNOWN);
        seen_i = seen_i || has_i;
    }
}

/* Guarded reading of another file: [ -r F ] && . F, and if [ -r F ]; then . F; fi */

static const PrcShellCommand *
only_command (const PrcShellPipeline *pipeline)
{
    if (pipeline == NULL || pipeline->decorated || pipeline->commands == NULL ||
        pipeline->commands->next != NULL || pipeline->commands->redirected)
        return NULL;
    return pipeline->commands;
}

static const PrcShellCommand *
only_command_of (const PrcShellList *list)
{
    if (list->n_items != 1 || list->items->background || list->items->pipelines->next != NULL)
        return NULL;
    return only_command (list->items->pipelines);
}

static gboolean
tested_path (const PrcShellMachine *m, const PrcShellCommand *test, PrcShellSpan *ret_path)
{
    static const char *const operators[] = { "-r", "-f", "-e", "-s" };
    gboolean bracket = FALSE;

    if (test == NULL || test->kind != PRC_SHELL_SIMPLE || test->n_words < 3)
        return FALSE;
    bracket = span_is (m, test->words[0], "[");
    if (!(bracket && test->n_words == 4 && span_is (m, test->words[3], "]")) &&
        !(test->n_words == 3 && span_is (m, test->words[0], "test")))
        return FALSE;
    *ret_path = test->words[2];
    for (guint i = 0; i < G_N_ELEMENTS (operators); i++)
        if (span_is (m, test->words[1], operators[i]))
            return TRUE;
    return FALSE;
}

static gboolean
read_guarded (PrcShellMachine *m, const PrcShellCommand *test, const PrcShellCommand *source,
              PrcShellSpan range)
{
    PrcShellSpan tested = { 0, 0 }, path = { 0, 0 };

    if (!tested_path (m, test, &tested) || source == NULL || source->kind != PRC_SHELL_SIMPLE ||
        source->n_words != 2 ||
        (!span_is (m, source->words[0], ".") &&
         (m->syntax->dialect == PRC_SHELL_SH || !span_is (m, source->words[0], "source"))))
        return FALSE;
    path = source->words[1];
    if (tested.end - tested.start != path.end - path.start ||
        memcmp (m->syntax->text + tested.start, m->syntax->text + path.start,
                path.end - path.start) != 0)
        return FALSE;
    m->command = source;
    prc_shell_source (m, path, tested, range);
    return TRUE;
}

static gboolean
is_guarded_source (PrcShellMachine *m, const PrcShellItem *item)
{
    const PrcShellPipeline *first = item->pipelines, *second = first->next;
    PrcShellSpan range = { item->start, item->end };

    if (item->background)
        return FALSE;
    if (second != NULL && second->next == NULL && second->joint == '&')
        return read_guarded (m, only_command (first), only_command (second), range);
    if (second == NULL) {
        const PrcShellCommand *command = only_command (first);

        if (command != NULL && command->kind == PRC_SHELL_IF && command->n_lists == 2)
            return read_guarded (m, only_command_of (command->lists[0]),
                                 only_command_of (command->lists[1]), range);
    }
    return FALSE;
}

/* The walk */

static PrcShellStatus
run_command (PrcShellMachine *m, const PrcShellCommand *command)
{
    PrcShellStatus status = PRC_STATUS_UNKNOWN;

    m->command = command;
    switch (command->kind) {
    case PRC_SHELL_SIMPLE:
        status = run_simple (m, command);
        break;
    case PRC_SHELL_GROUP:
        for (guint i = 0; i < command->n_lists; i++)
            status = run_list (m, command->lists[i]);
        break;
    case PRC_SHELL_SUBSHELL:
        break;
    case PRC_SHELL_IF:
        status = run_if (m, command);
        break;
    case PRC_SHELL_LOOP:
    case PRC_SHELL_FOR:
        run_loop (m, command);
        break;
    case PRC_SHELL_CASE:
        prc_shell_run_expansions (m, 0);
        run_case (m, command);
        break;
    case PRC_SHELL_FUNCTION:
        status = run_function_definition (m, command);
        break;
    case PRC_SHELL_TEST:
        prc_shell_run_expansions (m, 0);
        status = prc_shell_test_status (m, command);
        break;
    case PRC_SHELL_ARITH:
        prc_shell_disturb_text (m, m->syntax->text + command->words[0].start,
                                command->words[0].end - command->words[0].start, command->start,
                                "arithmetic");
        break;
    }
    return status;
}

static PrcShellStatus
negate (PrcShellStatus status)
{
    static const PrcShellStatus opposite[] = {
        PRC_STATUS_UNKNOWN,
        PRC_STATUS_FAILED,
        PRC_STATUS_OK,
        PRC_STATUS_FAILED_IF_INTERACTIVE,
        PRC_STATUS_OK_IF_INTERACTIVE,
    };

    return opposite[status];
}

static PrcShellStatus
run_pipeline (PrcShellMachine *m, const PrcShellPipeline *pipeline)
{
    const PrcShellCommand *last = pipeline->commands;
    PrcShellStatus status = PRC_STATUS_UNKNOWN;

    if (last == NULL)
        return PRC_STATUS_UNKNOWN;
    if (last->next != NULL) {
        /* Each part is a subshell, only zsh runs the last one itself. */
        if (m->syntax->dialect != PRC_SHELL_ZSH)
            return PRC_STATUS_UNKNOWN;
        while (last->next != NULL)
            last = last->next;
        m->sole = FALSE;
    }
    status = run_command (m, last);
    return pipeline->negated ? negate (status) : status;
}

static void
run_joined (PrcShellMachine *m, const PrcShellPipeline *pipeline, PrcShellStatus *status)
{
    PrcShellStatus wanted = pipeline->joint == '&' ? PRC_STATUS_OK : PRC_STATUS_FAILED;
    PrcShellScope scope;
    char *doubt = m->doubt;
    gsize stop = m->stop;

    if (*status == wanted) {
        *status = run_pipeline (m, pipeline);
    } else if (*status == PRC_STATUS_OK || *status == PRC_STATUS_FAILED) {
        gboolean stopped = m->stopped;

        m->stopped = TRUE;
        run_pipeline (m, pipeline);
        m->stopped = stopped;
    } else {
        prc_shell_scope_enter (m, &scope, FALSE);
        run_pipeline (m, pipeline);
        leave_branch (m, &scope, wanted, *status, doubt, stop);
        *status = PRC_STATUS_UNKNOWN;
    }
}

static PrcShellStatus
run_item (PrcShellMachine *m, const PrcShellItem *item)
{
    const PrcShellPipeline *first = item->pipelines;
    PrcShellStatus status = PRC_STATUS_UNKNOWN;

    if (item->background)
        return PRC_STATUS_OK;
    m->item = item;
    if (m->list == m->syntax->list)
        m->top_item = item;
    m->sole = TRUE;
    if (is_guarded_source (m, item))
        return PRC_STATUS_UNKNOWN;
    m->sole = first->next == NULL && !first->decorated;
    status = run_pipeline (m, first);
    for (const PrcShellPipeline *next = first->next; next != NULL; next = next->next) {
        m->item = item;
        m->sole = FALSE;
        run_joined (m, next, &status);
    }
    if (m->errexit && status == PRC_STATUS_FAILED)
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_stop (m, item->start, _ ("a failure under `set -e`"));
    else if (m->errexit && status != PRC_STATUS_OK)
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_doubt (m, item->start, _ ("a command under `set -e`"));
    return status;
}

static PrcShellStatus
run_list (PrcShellMachine *m, const PrcShellList *list)
{
    const PrcShellList *outer = m->list;
    const PrcShellItem *outer_item = m->item;
    const PrcShellCommand *outer_command = m->command;
    gboolean outer_sole = m->sole;
    PrcShellStatus status = PRC_STATUS_OK;

    for (const PrcShellItem *item = list->items; item != NULL; item = item->next) {
        m->list = list;
        status = run_item (m, item);
    }
    m->list = outer;
    m->item = outer_item;
    m->command = outer_command;
    m->sole = outer_sole;
    return status;
}

static void
record_free (gpointer data)
{
    PrcShellRecord *record = data;

    prc_entry_free (record->entry);
    g_free (record);
}

PrcShellScript *
prc_shell_script_new (PrcShellDialect dialect, const char *text, gsize size, GError **error)
{
    g_autoptr (PrcShellSyntax) syntax = prc_shell_syntax_new (dialect, text, size, error);
    PrcShellScript *script = NULL;
    PrcShellMachine m = { .stop = G_MAXSIZE };

    if (syntax == NULL)
        return NULL;
    m.syntax = syntax;
    m.expander = (PrcShellExpander){ syntax, &m, lookup, assign_default, fail, NULL };
    m.records = g_ptr_array_new_with_free_func (record_free);
    m.variables = NULL;
    (void) prc_shell_variable (&m, "HOME");
    run_list (&m, syntax->list);
    prc_shell_state_finish (&m);
    script = g_new0 (PrcShellScript, 1);
    script->syntax = g_steal_pointer (&syntax);
    script->records = m.records;
    script->stop = m.stop;
    script->stop_why = g_steal_pointer (&m.stop_why);
    for (guint i = 0; i < m.records->len; i++)
        ((PrcShellRecord *) g_ptr_array_index (m.records, i))->variable = NULL;
    prc_shell_machine_clear (&m);
    return script;
}

void
prc_shell_script_free (PrcShellScript *script)
{
    if (script == NULL)
        return;
    g_ptr_array_unref (script->records);
    prc_shell_syntax_free (script->syntax);
    g_free (script->stop_why);
    g_free (script);
}

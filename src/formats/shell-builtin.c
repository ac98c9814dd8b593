#include "formats/shell-state.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"

typedef struct {
    PrcShellMaybe export; /* MAYBE leaves it */
    gboolean readonly, transformed, functions, print, local, global, bad, is_export, integer;
} Attributes;

/* What a word says when nothing but literals are in it; NULL when it depends. */
static char *
word_text (PrcShellMachine *m, guint index)
{
    return prc_shell_expand (&m->expander, m->command->words[index], PRC_SHELL_WORD_ARG, FALSE);
}

static gboolean
is_identifier (const char *name)
{
    if (!prc_shell_is_name_start (*name))
        return FALSE;
    while (prc_shell_is_name_char (*name))
        name++;
    return *name == '\0';
}

static gboolean
in_function (const PrcShellMachine *m)
{
    for (const PrcShellScope *scope = m->scope; scope != NULL; scope = scope->parent)
        if (scope->function != NULL)
            return TRUE;
    return FALSE;
}

/* Up to the end of the branch that says so: behind it, it may be the global one that is meant. */
static void
make_local (PrcShellMachine *m, const char *name)
{
    PrcShellScope *scope = m->scope;

    while (scope != NULL && scope->function == NULL)
        scope = scope->parent;
    if (scope == NULL)
        return;
    if (m->syntax->dialect == PRC_SHELL_ZSH)
        g_hash_table_add (scope->function->locals, g_strdup (name));
    scope = m->scope;
    if (scope->locals == NULL)
        scope->locals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add (scope->locals, g_strdup (name));
}

/* export, readonly, declare, typeset, local */

static void
apply_option (const PrcShellMachine *m, const char *builtin, char sign, char c, Attributes *a)
{
    gboolean is_export = strcmp (builtin, "export") == 0;
    PrcShellDialect dialect = m->syntax->dialect;

    if ((is_export || strcmp (builtin, "readonly") == 0) && dialect == PRC_SHELL_SH)
        a->bad = a->bad || c != 'p';
    else if (is_export &&
             (dialect == PRC_SHELL_BASH ? strchr ("fnp", c) == NULL : strchr ("xng", c) != NULL))
        a->bad = TRUE;
    switch (c) {
    case 'x':
        a->export = sign == '-' ? PRC_YES : PRC_NO;
        break;
    case 'n':
        if (is_export)
            a->export = PRC_NO;
        else
            a->transformed = TRUE;
        break;
    case 'r':
        a->readonly = a->readonly || sign == '-';
        break;
    case 'g':
        a->local = FALSE;
        a->global = sign == '-';
        break;
    case 'f':
    case 'm':
        a->functions = TRUE;
        break;
    case 'F':
        if (dialect == PRC_SHELL_ZSH)
            a->integer = a->transformed = TRUE;
        else
            a->functions = TRUE;
        break;
    case 'p':
        a->print = TRUE;
        break;
    case 't':
    case 'h':
    case 'H':
        break;
    case 'i':
    case 'E':
        a->integer = TRUE;
        a->transformed = TRUE;
        break;
    default:
        a->transformed = TRUE;
    }
}

static guint
read_options (PrcShellMachine *m, guint index, const char *builtin, Attributes *a)
{
    while (index < m->command->n_words) {
        char first = m->syntax->text[m->command->words[index].start];
        g_autofree char *text = NULL;

        /* Not to expand twice what is no option: ${x:=y} acts each time. */
        if (first != '-' && first != '+')
            break;
        text = word_text (m, index);
        if (text == NULL || text[1] == '\0' || strchr (text, '=') != NULL)
            break;
        index++;
        if (strcmp (text, "--") == 0)
            break;
        for (const char *p = text + 1; *p != '\0'; p++)
            apply_option (m, builtin, *text, *p, a);
    }
    return index;
}

/* A name that is none: bash says so and goes on, the others give up. */
static PrcShellStatus
bad_name (PrcShellMachine *m, gsize at)
{
    if (m->syntax->dialect != PRC_SHELL_BASH)
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_stop (m, at, _ ("an invalid variable name"));
    return PRC_STATUS_FAILED;
}

static void
set_readonly (PrcShellMachine *m, const char *name)
{
    PrcShellVariable *variable = prc_shell_variable (m, name);

    if (m->stopped || prc_shell_is_local (m, name))
        return;
    prc_shell_touch (m, variable);
    variable->state.readonly = PRC_YES;
}

static void
declare_name (PrcShellMachine *m, const Attributes *a, const char *name, PrcShellSpan word)
{
    PrcShellVariable *variable = prc_shell_variable (m, name);

    if (a->export != PRC_MAYBE)
        prc_shell_mark_exported (m, name, word, a->export == PRC_YES);
    if (m->stopped || prc_shell_is_local (m, name))
        return;
    if (m->allexport != PRC_NO && a->export == PRC_MAYBE && m->syntax->dialect == PRC_SHELL_ZSH) {
        prc_shell_touch (m, variable);
        variable->state.exported = PRC_MAYBE;
    }
    variable->integer = variable->integer || a->integer;
    if (a->transformed) {
        prc_shell_know (m, variable, PRC_SHELL_UNKNOWN, NULL);
        variable->state.transformed = TRUE;
    }
    /* zsh gives it an empty value when it has none. */
    if (m->syntax->dialect == PRC_SHELL_ZSH && variable->state.known == PRC_SHELL_UNSET)
        prc_shell_know (m, variable, PRC_SHELL_UNKNOWN, NULL);
    if (a->readonly)
        set_readonly (m, name);
}

static PrcShellStatus
declare_assignment (PrcShellMachine *m, const Attributes *a, const PrcShellAssignment *assignment,
                    PrcShellForm form)
{
    PrcShellMaybe export = a->export;

    if (a->local)
        make_local (m, assignment->name);
    /* `set -a` has the last word over `declare +x a=1`, but not over `export -n a=1`. */
    if (m->allexport != PRC_NO && export == PRC_NO && !a->is_export)
        export = PRC_MAYBE;
    if (a->integer)
        prc_shell_variable (m, assignment->name)->integer = TRUE;
    if (!prc_shell_assign (m, assignment, form, export, a->transformed)) {
        if (m->syntax->dialect != PRC_SHELL_BASH)
            prc_shell_read_only_error (m, assignment->name, assignment->word.start);
        return PRC_STATUS_FAILED;
    }
    if (!a->readonly)
        return PRC_STATUS_OK;
    set_readonly (m, assignment->name);
    /* In a loop it will be assigned again. */
    if (m->barrier != 0 && m->syntax->dialect != PRC_SHELL_BASH &&
        !prc_shell_is_local (m, assignment->name))
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_doubt (m, assignment->word.start, _ ("a read-only variable that is set again"));
    return PRC_STATUS_OK;
}

/* An argument of export and the like. All of them are expanded before the first is assigned:
 * `export a=1 b=$a` uses the old a. */
typedef struct {
    PrcShellAssignment assignment;
    PrcShellForm form;
    gboolean valid, known;
} Argument;

static void
argument_clear (gpointer data)
{
    Argument *argument = data;

    g_free (argument->assignment.name);
    prc_wipe_free (argument->assignment.text);
    g_free (argument->assignment.why);
}

/* "name=…" whose value can't be known. */
static void
read_quoted_name (const PrcShellMachine *m, PrcShellSpan word, Argument *argument)
{
    const char *text = m->syntax->text;
    gsize start = word.start, end = 0;

    if (text[start] == '"' || text[start] == '\'')
        start++;
    if (start >= word.end || !prc_shell_is_name_start (text[start]))
        return;
    for (end = start; end < word.end && prc_shell_is_name_char (text[end]); end++)
        ;
    if (end == word.end || text[end] != '=')
        return;
    argument->known = argument->valid = TRUE;
    argument->form = PRC_SHELL_FORM_QUOTED;
    argument->assignment.name = g_strndup (text + start, end - start);
    argument->assignment.why = g_strdup (m->expander.why);
}

/* An argument that is no assignment as it stands: a name, or name=value with quotes around. */
static void
read_word (PrcShellMachine *m, guint index, Argument *argument)
{
    PrcShellSpan word = m->command->words[index];
    g_autoptr (PrcWipedString) text = word_text (m, index);
    char *equals = text != NULL ? strchr (text, '=') : NULL;

    argument->assignment.word = argument->assignment.value = word;
    argument->known = text != NULL;
    if (text == NULL) {
        read_quoted_name (m, word, argument);
        return;
    }
    if (equals != NULL) {
        *equals = '\0';
        argument->assignment.text = g_strdup (equals + 1);
    }
    argument->valid = is_identifier (text);
    argument->assignment.name = g_strdup (text);
    argument->form = equals != NULL ? PRC_SHELL_FORM_QUOTED : PRC_SHELL_FORM_NAME;
}

static void
read_argument (PrcShellMachine *m, guint index, gboolean plain, gboolean is_export,
               Argument *argument)
{
    PrcShellAssignment *a = &argument->assignment;
    gboolean zsh = m->syntax->dialect == PRC_SHELL_ZSH;

    if (!prc_shell_read_assignment (m->syntax, m->command->words[index], a)) {
        read_word (m, index, argument);
    } else {
        argument->known = TRUE;
        argument->form = PRC_SHELL_FORM_ARG;
        argument->valid = !(a->subscript && is_export) && !(a->append && zsh);
        if (!a->subscript)
            a->text = prc_shell_expand (&m->expander, a->value,
                                        plain ? PRC_SHELL_WORD_EXPORT : PRC_SHELL_WORD_ARG, FALSE);
        if (a->text == NULL)
            a->why = g_strdup (a->subscript ? _ ("an array") : m->expander.why);
    }
    a->evaluated = TRUE;
}

/* `declare -g a=1` where a is local: it is the other one that gets the value. */
static void
declare_behind_local (PrcShellMachine *m, const char *name)
{
    PrcShellVariable *variable = prc_shell_variable (m, name);

    prc_shell_touch (m, variable);
    prc_shell_know (m, variable, PRC_SHELL_UNKNOWN, NULL);
    if (variable->state.exported == PRC_NO)
        variable->state.exported = PRC_MAYBE;
}

static PrcShellStatus
declare_one (PrcShellMachine *m, const Attributes *a, const Argument *argument)
{
    const PrcShellAssignment *assignment = &argument->assignment;

    if (argument->known && argument->valid && a->global && !m->stopped &&
        prc_shell_is_local (m, assignment->name)) {
        declare_behind_local (m, assignment->name);
        return PRC_STATUS_UNKNOWN;
    }
    if (!argument->known) {
        if (!a->local)
            prc_shell_declare_computed (m, assignment->word, a->export == PRC_YES);
        return PRC_STATUS_UNKNOWN;
    }
    if (!argument->valid)
        return bad_name (m, assignment->word.start);
    if (argument->form != PRC_SHELL_FORM_NAME)
        return declare_assignment (m, a, assignment, argument->form);
    if (a->local)
        make_local (m, assignment->name);
    declare_name (m, a, assignment->name, assignment->word);
    return PRC_STATUS_OK;
}

static PrcShellStatus
declare_words (PrcShellMachine *m, guint index, gboolean plain, const Attributes *a,
               gboolean is_export)
{
    PrcShellStatus status = PRC_STATUS_OK;
    g_autoptr (GArray) arguments = g_array_new (FALSE, TRUE, sizeof (Argument));

    g_array_set_clear_func (arguments, argument_clear);
    for (; index < m->command->n_words; index++) {
        Argument argument = { 0 };

        read_argument (m, index, plain, is_export, &argument);
        g_array_append_val (arguments, argument);
    }
    for (guint i = 0; i < arguments->len; i++) {
        const Argument *argument = &g_array_index (arguments, Argument, i);
        PrcShellStatus one;

        /* `\export a=$b` is split like any other word, and what comes off are names; zsh splits
         * only what commands print. */
        if (!plain && a->export == PRC_YES && argument->form == PRC_SHELL_FORM_ARG &&
            argument->assignment.text == NULL && !m->stopped &&
            (m->syntax->dialect != PRC_SHELL_ZSH ||
             prc_shell_has_substitution (m->syntax, argument->assignment.value)))
            prc_shell_may_change_all (m, TRUE, argument->assignment.why);
        one = declare_one (m, a, argument);

        if (one == PRC_STATUS_FAILED || status == PRC_STATUS_OK)
            status = one;
    }
    return status;
}

static PrcShellStatus
run_declare (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    Attributes a = { .export = PRC_MAYBE };
    gboolean is_export = strcmp (name, "export") == 0;
    gboolean is_local = strcmp (name, "local") == 0;
    gboolean zsh = m->syntax->dialect == PRC_SHELL_ZSH;
    guint first = 0;

    a.is_export = is_export;
    if (is_export)
        a.export = PRC_YES;
    else if (strcmp (name, "readonly") == 0)
        a.readonly = TRUE;
    else if (strcmp (name, "integer") == 0 || strcmp (name, "float") == 0)
        a.integer = a.transformed = TRUE;
    a.local = in_function (m) && !is_export && (zsh || strcmp (name, "readonly") != 0);
    first = read_options (m, index + 1, name, &a);
    /* zsh, GLOBAL_EXPORT: what a function exports is not local to it, nor what it doesn't (+x). */
    if (zsh && !is_local && (a.export != PRC_MAYBE || m->allexport != PRC_NO))
        a.local = FALSE;
    if (is_local && !in_function (m) && !zsh) {
        if (m->syntax->dialect == PRC_SHELL_SH)
            prc_shell_stop (m, m->command->start, _ ("`local` outside of a function"));
        return PRC_STATUS_FAILED;
    }
    if (a.bad) {
        if (m->syntax->dialect == PRC_SHELL_SH)
            /* Translators: what may end a shell script early, as in "line 5: …" */
            prc_shell_stop (m, m->command->start, _ ("an invalid option"));
        return PRC_STATUS_FAILED;
    }
    if (a.functions || (a.print && !(is_export && m->syntax->dialect == PRC_SHELL_BASH)))
        return PRC_STATUS_UNKNOWN;
    return declare_words (m, first, plain, &a, is_export);
}

static PrcShellStatus
run_unset (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    PrcShellStatus status = PRC_STATUS_OK;
    gboolean functions = FALSE, patterns = FALSE;

    (void) name;
    (void) plain;
    for (index++; index < m->command->n_words; index++) {
        PrcShellSpan word = m->command->words[index];
        g_autofree char *text = word_text (m, index);

        if (functions) {
            continue;
        } else if (text == NULL || patterns) {
            prc_shell_unset_computed (m, word);
            status = PRC_STATUS_UNKNOWN;
        } else if (*text == '-') {
            functions = strchr (text, 'f') != NULL;
            patterns = m->syntax->dialect == PRC_SHELL_ZSH && strchr (text, 'm') != NULL;
        } else if (!is_identifier (text)) {
            return bad_name (m, word.start);
        } else if (!prc_shell_unset (m, text, word)) {
            if (m->syntax->dialect != PRC_SHELL_BASH)
                prc_shell_read_only_error (m, text, word.start);
            status = PRC_STATUS_FAILED;
        }
    }
    return status;
}

/* Those that give variables values which nobody can know beforehand */

static PrcShellStatus
run_read (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    gboolean after_option = FALSE;

    (void) plain;
    for (index++; index < m->command->n_words; index++) {
        g_autofree char *text = word_text (m, index);

        if (text != NULL && is_identifier (text) && !after_option)
            prc_shell_assign_unknown (m, text, m->command->words[index], name);
        after_option = text != NULL && text[0] == '-' && text[1] != '\0' &&
                       strchr ("pdntNiuscCO", text[strlen (text) - 1]) != NULL;
    }
    return PRC_STATUS_UNKNOWN;
}

static PrcShellStatus
run_printf (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) plain;
    for (index++; index + 1 < m->command->n_words; index++) {
        g_autofree char *text = word_text (m, index);
        g_autofree char *target = NULL;

        if (text == NULL || *text != '-')
            break;
        if (strcmp (text, "-v") != 0 && strcmp (text, "-s") != 0)
            continue;
        target = word_text (m, index + 1);
        if (target != NULL && is_identifier (target))
            prc_shell_assign_unknown (m, target, m->command->words[index + 1], name);
        break;
    }
    return PRC_STATUS_UNKNOWN;
}

static PrcShellStatus
run_getopts (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) plain;
    if (index + 2 < m->command->n_words) {
        g_autofree char *text = word_text (m, index + 2);

        if (text != NULL && is_identifier (text))
            prc_shell_assign_unknown (m, text, m->command->words[index + 2], name);
    }
    return PRC_STATUS_UNKNOWN;
}

/* eval, let: whoever is named in there may get another value. */
static PrcShellStatus
run_eval (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) plain;
    if (*name == 'e' && index == 0 && m->command->n_words == 2 &&
        prc_shell_record_eval (m, m->command))
        return PRC_STATUS_UNKNOWN;
    if (index + 1 < m->command->n_words) {
        gsize start = m->command->words[index + 1].start;
        gsize end = m->command->words[m->command->n_words - 1].end;

        prc_shell_disturb_text (m, m->syntax->text + start, end - start, start, name);
    }
    return PRC_STATUS_UNKNOWN;
}

/* Control */

static PrcShellStatus
run_stop (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) index;
    (void) plain;
    if (strcmp (name, "exec") == 0 && index + 1 >= m->command->n_words)
        return PRC_STATUS_OK;
    if (strcmp (name, "return") == 0 && in_function (m)) {
        m->stopped = TRUE;
        return PRC_STATUS_UNKNOWN;
    }
    prc_shell_stop (m, m->command->start, name);
    return PRC_STATUS_UNKNOWN;
}

static PrcShellStatus
run_ok (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) plain;
    prc_shell_run_expansions (m, index + 1);
    return strcmp (name, "false") == 0 ? PRC_STATUS_FAILED : PRC_STATUS_OK;
}

static PrcShellStatus
run_alias (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) name;
    (void) plain;
    if (m->stopped)
        return PRC_STATUS_OK;
    if (m->aliases == NULL)
        m->aliases =
            g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) prc_wipe_free);
    for (index++; index < m->command->n_words; index++) {
        PrcShellSpan word = m->command->words[index];
        const char *start = m->syntax->text + word.start;
        const char *equals = memchr (start, '=', word.end - word.start);

        if (equals != NULL && equals > start)
            g_hash_table_replace (
                m->aliases, g_strndup (start, (gsize) (equals - start)),
                g_strndup (equals + 1, (gsize) (m->syntax->text + word.end - equals - 1)));
    }
    return PRC_STATUS_OK;
}

static void
set_allexport (PrcShellMachine *m, gboolean on)
{
    PrcShellMaybe now = on ? PRC_YES : PRC_NO;

    for (PrcShellScope *scope = m->scope; scope != NULL; scope = scope->parent)
        if (scope->function != NULL)
            scope->function->sets_allexport = TRUE;
    if (m->allexport != now)
        m->allexport = m->conditional > 0 || m->doubt != NULL ? PRC_MAYBE : now;
}

static void
set_option (PrcShellMachine *m, const char *name, gboolean on)
{
    g_autoptr (GString) plain = g_string_new (NULL);
    const char *p = NULL;

    for (p = name; *p != '\0'; p++)
        if (*p != '_')
            g_string_append_c (plain, g_ascii_tolower (*p));
    p = plain->str;
    if (g_str_has_prefix (p, "no") && strcmp (p, "nounset") != 0) {
        p += 2;
        on = !on;
    }
    if (m->stopped)
        return;
    if (strcmp (p, "allexport") == 0 || strcmp (p, "a") == 0)
        set_allexport (m, on);
    else if (!on && m->conditional > 0)
        return;
    else if (strcmp (p, "errexit") == 0 || strcmp (p, "e") == 0)
        m->errexit = on;
    else if (strcmp (p, "nounset") == 0 || strcmp (p, "u") == 0)
        m->nounset = on;
}

static PrcShellStatus
run_set (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) name;
    (void) plain;
    for (index++; index < m->command->n_words; index++) {
        g_autofree char *text = word_text (m, index);
        gboolean on = FALSE;

        if (text == NULL || (*text != '-' && *text != '+') || strcmp (text, "--") == 0)
            break;
        on = *text == '-';
        for (const char *p = text + 1; *p != '\0'; p++) {
            char letter[2] = { *p, '\0' };

            if (*p == 'o' && index + 1 < m->command->n_words) {
                g_autofree char *option = word_text (m, ++index);

                if (option != NULL)
                    set_option (m, option, on);
                break;
            }
            set_option (m, letter, on);
        }
    }
    return PRC_STATUS_OK;
}

static PrcShellStatus
run_setopt (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) plain;
    for (index++; index < m->command->n_words; index++) {
        g_autofree char *text = word_text (m, index);

        if (text != NULL)
            set_option (m, text, *name == 's');
    }
    return PRC_STATUS_UNKNOWN;
}

static PrcShellStatus
run_prefix (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) plain;
    if (strcmp (name, "command") == 0 && m->syntax->dialect == PRC_SHELL_ZSH)
        return PRC_STATUS_UNKNOWN;
    for (index++; index < m->command->n_words; index++) {
        g_autofree char *text = word_text (m, index);

        if (text == NULL || *text != '-')
            break;
        if (strcmp (text, "-p") != 0 && strcmp (text, "--") != 0)
            return PRC_STATUS_UNKNOWN;
    }
    if (index >= m->command->n_words)
        return PRC_STATUS_UNKNOWN;
    return prc_shell_run_words (m, index, FALSE);
}

/* Other files */

void
prc_shell_source (PrcShellMachine *m, PrcShellSpan path, PrcShellSpan test, PrcShellSpan range)
{
    char *value = prc_shell_expand (&m->expander, path, PRC_SHELL_WORD_PATH, FALSE);
    PrcShellRecord *record = prc_shell_record (m, PRC_SHELL_FORM_SOURCE, PRC_ENTRY_SET, "source",
                                               path.start, range, path);

    record->test_word = test;
    record->entry->flags |= PRC_ENTRY_LIST;
    record->entry->value = value;
    if (value == NULL) {
        record->entry->flags |= PRC_ENTRY_DYNAMIC;
        if (record->entry->detail == NULL)
            record->entry->detail = g_strdup (m->expander.why);
    }
}

static PrcShellStatus
run_source (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    const PrcShellCommand *command = m->command;
    guint last = 0;

    (void) plain;
    if (index + 1 >= command->n_words)
        return PRC_STATUS_UNKNOWN;
    prc_shell_source (m, command->words[index + 1], (PrcShellSpan){ 0, 0 },
                      (PrcShellSpan){ command->start, command->end });
    last = m->records->len - 1;
    if (strcmp (name, "source") == 0 && m->syntax->dialect == PRC_SHELL_SH) {
        PrcEntry *entry = ((PrcShellRecord *) g_ptr_array_index (m->records, last))->entry;

        entry->flags |= PRC_ENTRY_INERT;
        if (entry->detail == NULL)
            entry->detail = g_strdup (_ ("sh has no `source`, only `.`"));
    }
    return PRC_STATUS_UNKNOWN;
}

static PrcShellStatus
run_test (PrcShellMachine *m, const char *name, guint index, gboolean plain)
{
    (void) name;
    (void) plain;
    prc_shell_run_expansions (m, index + 1);
    return index == 0 ? prc_shell_test_status (m, m->command) : PRC_STATUS_UNKNOWN;
}

typedef PrcShellStatus (*Run) (PrcShellMachine *m, const char *name, guint index, gboolean plain);

enum { SH = 1, BASH = 2, ZSH = 4, ALL = 7 };

static const struct {
    const char *name;
    guint dialects;
    gboolean special; /* POSIX's special builtins */
    Run run;
} builtins[] = {
    { "export", ALL, TRUE, run_declare },
    { "readonly", ALL, TRUE, run_declare },
    { "declare", BASH | ZSH, FALSE, run_declare },
    { "typeset", BASH | ZSH, FALSE, run_declare },
    { "local", ALL, FALSE, run_declare },
    { "integer", ZSH, FALSE, run_declare },
    { "float", ZSH, FALSE, run_declare },
    { "unset", ALL, TRUE, run_unset },
    { "read", ALL, FALSE, run_read },
    { "mapfile", BASH, FALSE, run_read },
    { "readarray", BASH, FALSE, run_read },
    { "vared", ZSH, FALSE, run_read },
    { "printf", BASH | ZSH, FALSE, run_printf },
    { "print", ZSH, FALSE, run_printf },
    { "strftime", ZSH, FALSE, run_printf },
    { "getopts", ALL, FALSE, run_getopts },
    { "eval", ALL, TRUE, run_eval },
    { "let", BASH | ZSH, FALSE, run_eval },
    { "return", ALL, TRUE, run_stop },
    { "exit", ALL, TRUE, run_stop },
    { "logout", BASH | ZSH, FALSE, run_stop },
    { "bye", ZSH, FALSE, run_stop },
    { "exec", ALL, TRUE, run_stop },
    { ":", ALL, TRUE, run_ok },
    { "true", ALL, FALSE, run_ok },
    { "false", ALL, FALSE, run_ok },
    { "alias", ALL, FALSE, run_alias },
    { "set", ALL, TRUE, run_set },
    { "setopt", ZSH, FALSE, run_setopt },
    { "unsetopt", ZSH, FALSE, run_setopt },
    { "command", ALL, FALSE, run_prefix },
    { "builtin", BASH | ZSH, FALSE, run_prefix },
    { "noglob", ZSH, FALSE, run_prefix },
    { "nocorrect", ZSH, FALSE, run_prefix },
    { "-", ZSH, FALSE, run_prefix },
    { ".", ALL, TRUE, run_source },
    { "source", ALL, FALSE, run_source },
    { "[", ALL, FALSE, run_test },
    { "test", ALL, FALSE, run_test },
    { "trap", ALL, TRUE, NULL },
    { "shift", ALL, TRUE, NULL },
    { "times", ALL, TRUE, NULL },
};

gboolean
prc_shell_is_special_builtin (const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS (builtins); i++)
        if (strcmp (builtins[i].name, name) == 0)
            return builtins[i].special;
    return FALSE;
}

gboolean
prc_shell_run_builtin (PrcShellMachine *m, const char *name, guint index, gboolean plain,
                       PrcShellStatus *ret_status)
{
    for (guint i = 0; i < G_N_ELEMENTS (builtins); i++) {
        if ((builtins[i].dialects & (1u << m->syntax->dialect)) == 0 ||
            *builtins[i].name != *name || strcmp (builtins[i].name, name) != 0)
            continue;
        *ret_status =
            builtins[i].run != NULL ? builtins[i].run (m, name, index, plain) : PRC_STATUS_UNKNOWN;
        return TRUE;
    }
    return FALSE;
}

#include "formats/shell-state.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"

/* Behind the name that begins at @pos; a continued line may run through it. */
static gsize
read_name (const PrcShellSyntax *s, gsize pos, gsize end, GString *name)
{
    while (pos < end) {
        if (s->text[pos] == '\\' && pos + 1 < end && s->text[pos + 1] == '\n') {
            pos += 2;
            continue;
        }
        if (name->len == 0 ? !prc_shell_is_name_start (s->text[pos])
                           : !prc_shell_is_name_char (s->text[pos]))
            break;
        g_string_append_c (name, s->text[pos++]);
    }
    return pos;
}

gboolean
prc_shell_read_assignment (const PrcShellSyntax *s, PrcShellSpan word, PrcShellAssignment *ret)
{
    PrcShellAssignment a = { .word = word, .mode = PRC_SHELL_WORD_VALUE };
    g_autoptr (GString) name = NULL;
    gsize i = word.start;

    if (word.start >= word.end || (!prc_shell_is_name_start (s->text[i]) && s->text[i] != '\\') ||
        memchr (s->text + i, '=', word.end - i) == NULL)
        return FALSE;
    name = g_string_new (NULL);
    i = read_name (s, i, word.end, name);
    if (name->len == 0)
        return FALSE;
    if (i < word.end && s->text[i] == '[' && s->dialect != PRC_SHELL_SH) {
        const char *close = memchr (s->text + i, ']', word.end - i);

        if (close == NULL)
            return FALSE;
        i = (gsize) (close - s->text) + 1;
        a.subscript = TRUE;
    }
    if (i < word.end && s->text[i] == '+' && s->dialect != PRC_SHELL_SH) {
        a.append = TRUE;
        i++;
    }
    if (i >= word.end || s->text[i] != '=')
        return FALSE;
    a.value = (PrcShellSpan){ i + 1, word.end };
    a.name = g_string_free (g_steal_pointer (&name), FALSE);
    *ret = a;
    return TRUE;
}

static char *
value_of (PrcShellMachine *m, const PrcShellAssignment *a, const PrcShellVariable *variable,
          char **ret_why)
{
    g_autoptr (PrcWipedString) value = NULL;

    if (a->evaluated && a->text == NULL) {
        *ret_why = g_strdup (a->why);
        return NULL;
    }
    if (a->subscript) {
        /* Translators: why the value of a shell variable is not known */
        *ret_why = g_strdup (_ ("an array"));
        return NULL;
    }
    value = a->evaluated ? g_strdup (a->text)
                         : prc_shell_expand (&m->expander, a->value, a->mode, FALSE);
    if (value == NULL) {
        *ret_why = g_strdup (m->expander.why);
        return NULL;
    }
    if (a->append && variable->state.known == PRC_SHELL_KNOWN &&
        variable->state.barrier == m->barrier)
        return g_strconcat (variable->state.value, value, NULL);
    if (a->append && variable->state.known != PRC_SHELL_UNSET) {
        *ret_why = g_strdup_printf (_ ("appended to $%s, which is not known"), a->name);
        return NULL;
    }
    return g_steal_pointer (&value);
}

static void
live_add (PrcShellMachine *m, PrcShellVariable *variable, PrcShellRecord *record)
{
    if (variable->live == NULL)
        variable->live = g_ptr_array_new ();
    if (m->conditional == 0 && m->doubt == NULL)
        g_ptr_array_set_size (variable->live, 0);
    g_ptr_array_add (variable->live, record);
}

static const char *
trailing_cr (const char *value)
{
    gsize n = value != NULL ? strlen (value) : 0;

    return n > 0 && value[n - 1] == '\r'
               ? _ ("the value ends in a carriage return: the file has DOS line ends")
               : NULL;
}

/* Where the end of the file may have come before, a change may not have happened. */
static void
set_exported (PrcShellMachine *m, PrcShellVariable *variable, PrcShellMaybe exported)
{
    gboolean doubtful =
        m->doubt != NULL || (m->command != NULL && m->command->start < m->doubt_until);

    if (variable->state.exported != exported)
        variable->state.exported = doubtful ? PRC_MAYBE : exported;
}

/* An assignment under `set -a`, which may itself be only sometimes in force. */
static void
apply_allexport (PrcShellMachine *m, PrcShellVariable *variable)
{
    if (m->allexport == PRC_YES)
        set_exported (m, variable, PRC_YES);
    else if (m->allexport == PRC_MAYBE && variable->state.exported == PRC_NO)
        variable->state.exported = PRC_MAYBE;
}

/* `export b=2 a=${b=x}`: what a default gives is overwritten by a word that stands before it. */
static void
retire_defaults (PrcShellMachine *m, const PrcShellRecord *record)
{
    if (record->form == PRC_SHELL_FORM_DEFAULT)
        return;
    for (guint i = m->records->len - 1, n = 0; i > 0 && n < 64; i--, n++) {
        PrcShellRecord *earlier = g_ptr_array_index (m->records, i - 1);

        if (earlier->command != m->command || earlier->command == NULL)
            break;
        if (earlier->form != PRC_SHELL_FORM_DEFAULT || earlier->word.start < record->word.start ||
            strcmp (earlier->entry->key, record->entry->key) != 0)
            continue;
        earlier->entry->flags |= PRC_ENTRY_INERT;
        if (earlier->entry->detail == NULL)
            earlier->entry->detail = g_strdup (_ ("overwritten at once"));
    }
}

/* The entry; NULL for a variable that happens to be called as our key for files that are read. */
static PrcShellRecord *
record_value (PrcShellMachine *m, const PrcShellAssignment *a, PrcShellForm form, const char *value,
              const char *why)
{
    PrcShellRecord *record = NULL;
    PrcEntry *entry = NULL;

    if (prc_shell_is_statement (a->name))
        return NULL;
    record = prc_shell_record (m, form, PRC_ENTRY_SET, a->name, a->word.start, a->word, a->value);
    entry = record->entry;
    entry->value = g_strdup (value);
    record->append = a->append;
    if (value == NULL)
        entry->flags |= PRC_ENTRY_DYNAMIC;
    if (entry->detail == NULL)
        entry->detail = g_strdup (value == NULL ? why : trailing_cr (value));
    retire_defaults (m, record);
    return record;
}

static gboolean
refuse_readonly (PrcShellMachine *m, const PrcShellVariable *variable, PrcShellRecord *record)
{
    PrcEntry *entry = record != NULL ? record->entry : NULL;

    if (variable->state.readonly == PRC_NO || m->stopped)
        return FALSE;
    if (entry != NULL) {
        g_free (entry->detail);
        entry->detail = g_strdup (_ ("the variable is read-only here"));
        entry->flags |=
            variable->state.readonly == PRC_YES ? PRC_ENTRY_INERT : PRC_ENTRY_CONDITIONAL;
    }
    return variable->state.readonly == PRC_YES;
}

static gboolean
is_number (const char *value)
{
    return value != NULL && *value != '\0' && strspn (value, "0123456789") == strlen (value);
}

gboolean
prc_shell_assign (PrcShellMachine *m, const PrcShellAssignment *a, PrcShellForm form,
                  PrcShellMaybe export, gboolean transformed)
{
    PrcShellVariable *variable = prc_shell_variable (m, a->name);
    g_autofree char *why = NULL;
    g_autoptr (PrcWipedString) value = value_of (m, a, variable, &why);
    PrcShellRecord *record = NULL;

    if (prc_shell_is_local (m, a->name))
        return TRUE;
    if (variable->integer && !is_number (value))
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_doubt (m, a->word.start, _ ("a value for a number"));
    if (value != NULL && (variable->special || transformed || variable->state.transformed)) {
        prc_wipe_free (g_steal_pointer (&value));
        why = g_strdup (_ ("the shell changes what is assigned to this variable"));
    }
    if (variable->array && form != PRC_SHELL_FORM_ASSIGN && m->syntax->dialect == PRC_SHELL_ZSH)
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_doubt (m, a->word.start, _ ("a value for an array"));
    variable->array = variable->array || a->subscript ||
                      (a->value.start < a->value.end && m->syntax->text[a->value.start] == '(');
    record = record_value (m, a, form, value, why);
    if (refuse_readonly (m, variable, record))
        return FALSE;
    if (m->stopped)
        return TRUE;
    if (variable->state.readonly == PRC_MAYBE && m->syntax->dialect != PRC_SHELL_BASH)
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_doubt (m, a->word.start, _ ("an assignment to what may be read-only"));
    /* bash: an array stays one, and is never exported. */
    if (variable->array && m->syntax->dialect == PRC_SHELL_BASH)
        transformed = TRUE;
    prc_shell_know (m, variable, value != NULL ? PRC_SHELL_KNOWN : PRC_SHELL_UNKNOWN, value);
    variable->state.transformed = variable->state.transformed || transformed;
    if (export != PRC_MAYBE)
        set_exported (m, variable, export);
    else
        apply_allexport (m, variable);
    if (record != NULL) {
        record->variable = variable;
        live_add (m, variable, record);
    }
    return TRUE;
}

void
prc_shell_assign_unknown (PrcShellMachine *m, const char *name, PrcShellSpan at, const char *why)
{
    PrcShellVariable *variable = prc_shell_variable (m, name);
    PrcShellAssignment a = { .name = (char *) name, .word = at, .value = at };
    PrcShellRecord *record = NULL;

    if (prc_shell_is_local (m, name))
        return;
    record = record_value (m, &a, PRC_SHELL_FORM_OTHER, NULL, why);
    if (m->stopped)
        return;
    prc_shell_know (m, variable, PRC_SHELL_UNKNOWN, NULL);
    apply_allexport (m, variable);
    if (record != NULL) {
        record->variable = variable;
        live_add (m, variable, record);
    }
}

void
prc_shell_mark_exported (PrcShellMachine *m, const char *name, PrcShellSpan word, gboolean exported)
{
    PrcShellVariable *variable = prc_shell_variable (m, name);
    PrcShellRecord *record = NULL;

    if (prc_shell_is_local (m, name))
        return;
    if (!prc_shell_is_statement (name)) {
        record =
            prc_shell_record (m, PRC_SHELL_FORM_NAME, exported ? PRC_ENTRY_EXPORT : PRC_ENTRY_UNSET,
                              name, word.start, word, (PrcShellSpan){ word.end, word.end });
        record->unexports = !exported;
        if (!exported) {
            record->entry->flags |= PRC_ENTRY_UNEXPORT;
            if (record->entry->detail == NULL)
                record->entry->detail = g_strdup (_ ("no longer exported"));
        }
    }
    if (m->stopped)
        return;
    if (record != NULL)
        record->variable = variable;
    prc_shell_touch (m, variable);
    set_exported (m, variable, exported ? PRC_YES : PRC_NO);
}

void
prc_shell_read_only_error (PrcShellMachine *m, const char *name, gsize at)
{
    g_autofree char *why = g_strdup_printf (_ ("a change of the read-only %s"), name);

    if (m->stopped)
        return;
    if (m->syntax->dialect != PRC_SHELL_BASH) {
        prc_shell_stop (m, at, why);
        return;
    }
    while (at < m->syntax->size && m->syntax->text[at] != '\n')
        at++;
    m->doubt_until = at;
}

gboolean
prc_shell_unset (PrcShellMachine *m, const char *name, PrcShellSpan word)
{
    PrcShellVariable *variable = prc_shell_variable (m, name);
    PrcShellRecord *record = NULL;

    if (prc_shell_is_local (m, name))
        return TRUE;
    if (!prc_shell_is_statement (name))
        record = prc_shell_record (m, PRC_SHELL_FORM_NAME, PRC_ENTRY_UNSET, name, word.start, word,
                                   (PrcShellSpan){ word.end, word.end });
    if (refuse_readonly (m, variable, record))
        return FALSE;
    if (m->stopped)
        return TRUE;
    if (variable->state.readonly == PRC_MAYBE && m->syntax->dialect != PRC_SHELL_BASH)
        /* Translators: what may end a shell script early, as in "line 5: …" */
        prc_shell_doubt (m, word.start, _ ("an unset of what may be read-only"));
    prc_shell_know (m, variable, variable->special ? PRC_SHELL_UNKNOWN : PRC_SHELL_UNSET, NULL);
    /* dash: under `set -a` it will be exported when it is set again, even behind `set +a`. */
    set_exported (m, variable,
                  m->syntax->dialect == PRC_SHELL_SH && m->allexport != PRC_NO ? PRC_MAYBE
                                                                               : PRC_NO);
    variable->state.transformed = FALSE;
    variable->array = variable->array && m->conditional > 0;
    if (record != NULL) {
        record->variable = variable;
        live_add (m, variable, record);
    }
    return TRUE;
}

/* Is what stands behind the name at @end an assignment to it? */
static gboolean
is_assigned (const char *text, gsize start, gsize end, gsize length)
{
    gsize i = end;

    while (i < length && (text[i] == ' ' || text[i] == '\t'))
        i++;
    if (i + 1 < length && (memcmp (text + i, "++", 2) == 0 || memcmp (text + i, "--", 2) == 0))
        return TRUE;
    if (start >= 2 &&
        (memcmp (text + start - 2, "++", 2) == 0 || memcmp (text + start - 2, "--", 2) == 0))
        return TRUE;
    while (i < length && strchr ("+-*/%&|^<>:", text[i]) != NULL)
        i++;
    return i < length && text[i] == '=' && (i + 1 >= length || text[i + 1] != '=') &&
           (i == end || strchr ("<>!", text[i - 1]) == NULL ||
            (i >= 2 && text[i - 2] == text[i - 1]));
}

void
prc_shell_disturb_text (PrcShellMachine *m, const char *text, gsize length, gsize at,
                        const char *why)
{
    gboolean arith = length >= 2 && text[0] == '(' && text[1] == '(';
    gsize i = 0;

    while (i < length) {
        gsize begin = i;
        g_autofree char *name = NULL;

        if (!prc_shell_is_name_start (text[i])) {
            i++;
            continue;
        }
        while (i < length && prc_shell_is_name_char (text[i]))
            i++;
        if (begin > 0 && (text[begin - 1] == '$' || text[begin - 1] == '{'))
            continue;
        name = g_strndup (text + begin, i - begin);
        if (is_assigned (text, begin, i, length)) {
            prc_shell_assign_unknown (m, name, (PrcShellSpan){ at, at }, why);
            /* zsh makes it an integer for good. */
            if ((arith || strcmp (why, "let") == 0) && !m->stopped &&
                m->syntax->dialect == PRC_SHELL_ZSH)
                prc_shell_variable (m, name)->integer =
                    prc_shell_variable (m, name)->state.transformed = TRUE;
            if (!arith && !m->stopped && prc_shell_variable (m, name)->state.exported == PRC_NO &&
                !prc_shell_is_local (m, name))
                prc_shell_variable (m, name)->state.exported = PRC_MAYBE;
        } else if (!arith && g_hash_table_contains (m->variables, name)) {
            prc_shell_disturb (m, prc_shell_variable (m, name), why);
        }
    }
}

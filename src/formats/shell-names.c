#include "formats/shell-state.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"

/* More are not made of one word. */
enum { NAMES_MAX = 64, DEPTH_MAX = 8 };

typedef struct {
    PrcShellMachine *machine;
    GPtrArray *names;
    gboolean incomplete; /* there may be others */
} Maker;

static gboolean
is_name (const char *text)
{
    if (!prc_shell_is_name_start (*text))
        return FALSE;
    while (prc_shell_is_name_char (*text))
        text++;
    return *text == '\0';
}

static void make (Maker *maker, const char *text, guint depth);

/* Whatever stands between @start and @end, by @part. */
static void
make_with (Maker *maker, const char *text, const char *start, const char *part, gsize length,
           const char *end, guint depth)
{
    g_autofree char *whole =
        g_strdup_printf ("%.*s%.*s%s", (int) (start - text), text, (int) length, part, end);

    make (maker, whole, depth + 1);
}

/* @open: "{a,b}", without braces within */
static void
make_of_braces (Maker *maker, const char *text, const char *open, guint depth)
{
    const char *close = strchr (open, '}');
    const char *part = open + 1;

    if (close == NULL || maker->machine->syntax->dialect == PRC_SHELL_SH ||
        memchr (open, ',', (gsize) (close - open)) == NULL) {
        maker->incomplete = TRUE;
        return;
    }
    while (part <= close) {
        gsize length = strcspn (part, ",}");

        make_with (maker, text, open, part, length, close + 1, depth);
        part += length + 1;
    }
}

static const PrcShellCommand *
find_loop (const Maker *maker, const char *name, gsize length)
{
    const GPtrArray *loops = maker->machine->loops;

    for (guint i = loops != NULL ? loops->len : 0; i > 0; i--) {
        const PrcShellCommand *loop = g_ptr_array_index (loops, i - 1);
        PrcShellSpan own;

        if (loop->kind != PRC_SHELL_FOR || loop->n_words < 2)
            continue;
        own = loop->words[0];
        if (own.end - own.start == length &&
            memcmp (maker->machine->syntax->text + own.start, name, length) == 0)
            return loop;
    }
    return NULL;
}

/* One word of a loop; what `for v in {a,b}_c` goes through is made here too. */
static void
make_of_word (Maker *maker, const char *text, const char *dollar, PrcShellSpan span,
              const char *end, char letter_case, guint depth)
{
    PrcShellExpander *expander = &maker->machine->expander;
    g_autoptr (PrcWipedString) known = prc_shell_expand (expander, span, PRC_SHELL_WORD_ARG, FALSE);
    g_autoptr (PrcWipedString) raw =
        g_strndup (maker->machine->syntax->text + span.start, span.end - span.start);
    g_autoptr (PrcWipedString) turned = NULL;
    const char *word = known != NULL ? known : raw;

    if (letter_case != '\0')
        word = turned = letter_case == 'u' ? g_ascii_strup (word, -1) : g_ascii_strdown (word, -1);
    make_with (maker, text, dollar, word, strlen (word), end, depth);
}

/* What is made of the loop's variable: "}", "^^}" or ":u}"; NULL: something else. */
static const char *
read_case (const char *p, char *ret_case)
{
    static const struct {
        const char *text;
        char letter_case;
    } kinds[] = { { "}", '\0' }, { "^^}", 'u' }, { ",,}", 'l' }, { ":u}", 'u' }, { ":l}", 'l' } };

    for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
        if (g_str_has_prefix (p, kinds[i].text)) {
            if (kinds[i].letter_case != '\0')
                *ret_case = kinds[i].letter_case;
            return p + strlen (kinds[i].text);
        }
    return NULL;
}

/* @dollar: "$v" or "${v}", of a loop's variable */
static void
make_of_loop (Maker *maker, const char *text, const char *dollar, guint depth)
{
    gboolean braced = dollar[1] == '{';
    const char *name = dollar + (braced ? 2 : 1), *end = NULL;
    const PrcShellCommand *loop = NULL;
    char letter_case = '\0';

    if (braced && (g_str_has_prefix (name, "(U)") || g_str_has_prefix (name, "(L)"))) {
        letter_case = g_ascii_tolower (name[1]);
        name += 3;
    }
    for (end = name; prc_shell_is_name_char (*end); end++)
        ;
    loop = find_loop (maker, name, (gsize) (end - name));
    if (braced)
        end = read_case (end, &letter_case);
    if (loop == NULL || end == NULL) {
        maker->incomplete = TRUE;
        return;
    }
    for (guint i = 1; i < loop->n_words; i++)
        make_of_word (maker, text, dollar, loop->words[i], end, letter_case, depth);
}

static void
make (Maker *maker, const char *text, guint depth)
{
    const char *special = strpbrk (text, "${");

    if (depth > DEPTH_MAX || maker->names->len >= NAMES_MAX) {
        maker->incomplete = TRUE;
    } else if (special == NULL && strpbrk (text, "`(*?['\\") != NULL) {
        maker->incomplete = TRUE;
    } else if (special == NULL) {
        if (is_name (text) &&
            !g_ptr_array_find_with_equal_func (maker->names, text, g_str_equal, NULL))
            g_ptr_array_add (maker->names, g_strdup (text));
    } else if (*special == '{') {
        make_of_braces (maker, text, special, depth);
    } else {
        make_of_loop (maker, text, special, depth);
    }
}

/* (transfer full) (element-type utf8): what @word, "NAME" or "NAME=…", may stand for, as far as can
 * be told; @ret_incomplete: there may be others. */
static GPtrArray *
computed_names (PrcShellMachine *m, PrcShellSpan word, gboolean *ret_incomplete)
{
    Maker maker = { m, g_ptr_array_new_with_free_func (g_free), FALSE };
    const char *text = m->syntax->text + word.start;
    const char *end = memchr (text, '=', word.end - word.start);
    g_autoptr (GString) name = g_string_new (NULL);

    for (const char *p = text; p < (end != NULL ? end : m->syntax->text + word.end); p++)
        if (*p != '"')
            g_string_append_c (name, *p);
    make (&maker, name->str, 0);
    *ret_incomplete = maker.incomplete;
    return maker.names;
}

/* The one of zsh that is run where it stands does not count. */
static gboolean
in_function (const PrcShellMachine *m)
{
    for (const PrcShellScope *scope = m->scope; scope != NULL; scope = scope->parent)
        if (scope->function != NULL && !scope->function->called)
            return TRUE;
    return FALSE;
}

static void
may_change (PrcShellMachine *m, PrcShellVariable *variable, gboolean exports, const char *why)
{
    if (prc_shell_is_local (m, variable->name))
        return;
    /* What stands before a function is disturbed only when that is called. */
    if (in_function (m))
        prc_shell_know (m, variable, PRC_SHELL_UNKNOWN, NULL);
    else
        prc_shell_disturb (m, variable, why);
    if (exports && variable->state.exported == PRC_NO)
        variable->state.exported = PRC_MAYBE;
}

void
prc_shell_may_change_all (PrcShellMachine *m, gboolean exports, const char *why)
{
    GHashTableIter iter;
    gpointer value = NULL;

    if (m->stopped)
        return;
    for (PrcShellScope *scope = m->scope; scope != NULL; scope = scope->parent)
        if (scope->function != NULL)
            scope->function->names_any = TRUE;
    if (m->work > PRC_SHELL_WORK_MAX) {
        prc_shell_doubt (m, m->command->start, why);
        return;
    }
    g_hash_table_iter_init (&iter, m->variables);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        m->work++;
        may_change (m, value, exports, why);
    }
}

void
prc_shell_may_change_arguments (PrcShellMachine *m, const char *why)
{
    for (guint i = 1; i < m->command->n_words; i++) {
        PrcShellSpan word = m->command->words[i];
        gsize end = word.start;
        g_autofree char *name = NULL;

        while (end < word.end && prc_shell_is_name_char (m->syntax->text[end]))
            end++;
        name = g_strndup (m->syntax->text + word.start, end - word.start);
        if (!is_name (name) || (end < word.end && m->syntax->text[end] != '='))
            continue;
        prc_shell_assign_unknown (m, name, word, why);
        if (!m->stopped)
            may_change (m, prc_shell_variable (m, name), TRUE, why);
    }
}

void
prc_shell_declare_computed (PrcShellMachine *m, PrcShellSpan word, gboolean exports)
{
    gboolean incomplete = FALSE;
    g_autoptr (GPtrArray) names = computed_names (m, word, &incomplete);

    if (incomplete)
        prc_shell_may_change_all (m, TRUE, _ ("its name is computed"));
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index (names, i);
        PrcShellVariable *variable = prc_shell_variable (m, name);

        prc_shell_assign_unknown (m, name, word, _ ("its name is computed"));
        if (!m->stopped && exports && !prc_shell_is_local (m, name)) {
            prc_shell_touch (m, variable);
            variable->state.exported = PRC_YES;
        }
    }
}

void
prc_shell_unset_computed (PrcShellMachine *m, PrcShellSpan word)
{
    gboolean incomplete = FALSE;
    g_autoptr (GPtrArray) names = computed_names (m, word, &incomplete);

    if (incomplete)
        prc_shell_may_change_all (m, FALSE, _ ("its name is computed"));
    for (guint i = 0; i < names->len; i++) {
        const char *name = g_ptr_array_index (names, i);
        PrcShellRecord *record = NULL;

        if (prc_shell_is_local (m, name))
            continue;
        record = prc_shell_record (m, PRC_SHELL_FORM_OTHER, PRC_ENTRY_UNSET, name, word.start, word,
                                   (PrcShellSpan){ word.end, word.end });
        record->entry->flags |= PRC_ENTRY_CONDITIONAL | PRC_ENTRY_DYNAMIC;
        if (record->entry->detail == NULL)
            record->entry->detail = g_strdup (_ ("its name is computed"));
        if (!m->stopped)
            may_change (m, prc_shell_variable (m, name), FALSE, _ ("its name is computed"));
    }
}

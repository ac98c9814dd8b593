#include "formats/shell-state.h"

#include <string.h>

#include "base/i18n.h"
#include "base/secret.h"

/* More are not made of one word. */
enum { NAMES_MAX = 64, DEPTH_MAX = 8 };

typedef struct {
    PrcShellMachine *machine;
    GPtrArray *names;
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
        memchr (open, ',', (gsize) (close - open)) == NULL)
        return;
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

/* @dollar: "$v" or "${v}", of a loop's variable */
static void
make_of_loop (Maker *maker, const char *text, const char *dollar, guint depth)
{
    gboolean braced = dollar[1] == '{';
    const char *name = dollar + (braced ? 2 : 1), *end = name;
    const PrcShellCommand *loop = NULL;

    while (prc_shell_is_name_char (*end))
        end++;
    if (end == name || (braced && *end != '}'))
        return;
    loop = find_loop (maker, name, (gsize) (end - name));
    for (guint i = 1; loop != NULL && i < loop->n_words; i++) {
        g_autoptr (PrcWipedString) word =
            prc_shell_expand (&maker->machine->expander, loop->words[i], PRC_SHELL_WORD_ARG, FALSE);

        if (word != NULL)
            make_with (maker, text, dollar, word, strlen (word), end + braced, depth);
    }
}

static void
make (Maker *maker, const char *text, guint depth)
{
    const char *special = strpbrk (text, "${");

    if (depth > DEPTH_MAX || maker->names->len >= NAMES_MAX)
        return;
    if (special == NULL) {
        if (is_name (text) &&
            !g_ptr_array_find_with_equal_func (maker->names, text, g_str_equal, NULL))
            g_ptr_array_add (maker->names, g_strdup (text));
    } else if (*special == '{') {
        make_of_braces (maker, text, special, depth);
    } else {
        make_of_loop (maker, text, special, depth);
    }
}

/* (transfer full) (element-type utf8): what @word, "NAME=…", may stand for, as far as can be told.
 */
static GPtrArray *
computed_names (PrcShellMachine *m, PrcShellSpan word)
{
    Maker maker = { m, g_ptr_array_new_with_free_func (g_free) };
    const char *text = m->syntax->text + word.start;
    const char *equals = memchr (text, '=', word.end - word.start);
    g_autoptr (GString) name = g_string_new (NULL);

    for (const char *p = text; equals != NULL && p < equals; p++)
        if (*p != '"')
            g_string_append_c (name, *p);
    if (name->len > 0)
        make (&maker, name->str, 0);
    return maker.names;
}

void
prc_shell_may_export_all (PrcShellMachine *m)
{
    GHashTableIter iter;
    gpointer value = NULL;

    g_hash_table_iter_init (&iter, m->variables);
    while (g_hash_table_iter_next (&iter, NULL, &value)) {
        PrcShellVariable *variable = value;

        if (variable->state.exported != PRC_NO || prc_shell_is_local (m, variable->name))
            continue;
        prc_shell_touch (m, variable);
        variable->state.exported = PRC_MAYBE;
    }
}

void
prc_shell_declare_computed (PrcShellMachine *m, PrcShellSpan word, gboolean exports)
{
    g_autoptr (GPtrArray) names = computed_names (m, word);

    if (names->len == 0 && exports && !m->stopped)
        prc_shell_may_export_all (m);

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

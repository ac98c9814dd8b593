#include "formats/shell-parser.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

#define BLOCK_SIZE ((gsize) 16384)

gpointer
prc_shell_alloc (PrcShellSyntax *s, gsize size)
{
    char *block = NULL;

    size = (size + 15) & ~(gsize) 15;
    if (size > BLOCK_SIZE) {
        block = g_malloc0 (size);
        if (s->blocks->len == 0)
            s->block_used = BLOCK_SIZE;
        g_ptr_array_insert (s->blocks, 0, block);
        return block;
    }
    if (s->blocks->len == 0 || s->block_used + size > BLOCK_SIZE) {
        g_ptr_array_add (s->blocks, g_malloc0 (BLOCK_SIZE));
        s->block_used = 0;
    }
    block = g_ptr_array_index (s->blocks, s->blocks->len - 1);
    s->block_used += size;
    return block + s->block_used - size;
}

guint
prc_shell_line (const PrcShellSyntax *s, gsize offset)
{
    guint low = 0, high = s->newlines->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index (s->newlines, gsize, middle) < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low + 1;
}

/* The current token */

gboolean
prc_shell_token_is (const PrcShellSyntax *s, const char *text)
{
    gsize n = strlen (text);

    return s->token.end - s->token.start == n && memcmp (s->text + s->token.start, text, n) == 0;
}

gboolean
prc_shell_at_word (const PrcShellSyntax *s, const char *text)
{
    return s->token.kind == PRC_SHELL_TOKEN_WORD && prc_shell_token_is (s, text);
}

gboolean
prc_shell_at_operator (const PrcShellSyntax *s, const char *text)
{
    return s->token.kind == PRC_SHELL_TOKEN_OPERATOR && prc_shell_token_is (s, text);
}

/* @wanted stands in the file's own language, what stands there instead in the reader's. */
static char *
text_of_wanted (const PrcShellSyntax *s, const char *wanted)
{
    switch (s->token.kind) {
    case PRC_SHELL_TOKEN_EOF:
        return g_strdup_printf (_ ("syntax error: `%s` expected, not the end of the file"), wanted);
    case PRC_SHELL_TOKEN_NEWLINE:
        return g_strdup_printf (_ ("syntax error: `%s` expected, not the end of the line"), wanted);
    case PRC_SHELL_TOKEN_WORD:
        return g_strdup_printf (_ ("syntax error: `%s` expected, not this word"), wanted);
    case PRC_SHELL_TOKEN_OPERATOR:
    case PRC_SHELL_TOKEN_REDIRECT:
    default:
        return g_strdup_printf (_ ("syntax error: `%s` expected, not this operator"), wanted);
    }
}

static const char *
text_of_unexpected (const PrcShellSyntax *s)
{
    switch (s->token.kind) {
    case PRC_SHELL_TOKEN_EOF:
        return _ ("syntax error: the end of the file is not expected here");
    case PRC_SHELL_TOKEN_NEWLINE:
        return _ ("syntax error: the end of the line is not expected here");
    case PRC_SHELL_TOKEN_WORD:
        return _ ("syntax error: this word is not expected here");
    case PRC_SHELL_TOKEN_OPERATOR:
    case PRC_SHELL_TOKEN_REDIRECT:
    default:
        return _ ("syntax error: this operator is not expected here");
    }
}

gboolean
prc_shell_unexpected (const PrcShellSyntax *s, const char *wanted, GError **error)
{
    g_autofree char *message = wanted != NULL ? text_of_wanted (s, wanted) : NULL;

    prc_set_error_at_line (error, prc_shell_line (s, s->token.start), "%s",
                           message != NULL ? message : text_of_unexpected (s));
    return FALSE;
}

gboolean
prc_shell_skip_newlines (PrcShellSyntax *s, GError **error)
{
    while (s->token.kind == PRC_SHELL_TOKEN_NEWLINE)
        if (!prc_shell_next (s, error))
            return FALSE;
    return TRUE;
}

gboolean
prc_shell_at_list_end (const PrcShellSyntax *s)
{
    static const char *const words[] = { "then", "else", "elif", "fi", "do", "done", "esac", "}" };

    if (s->token.kind == PRC_SHELL_TOKEN_EOF)
        return TRUE;
    if (s->token.kind == PRC_SHELL_TOKEN_OPERATOR)
        return prc_shell_at_operator (s, ")") || prc_shell_at_operator (s, ";;") ||
               prc_shell_at_operator (s, ";&") || prc_shell_at_operator (s, ";;&") ||
               prc_shell_at_operator (s, ";|");
    if (s->token.end - s->token.start > 4)
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (prc_shell_at_word (s, words[i]))
            return TRUE;
    return s->dialect == PRC_SHELL_ZSH && prc_shell_at_word (s, "end");
}

/* Building commands */

PrcShellCommand *
prc_shell_command_new (PrcShellSyntax *s, PrcShellKind kind)
{
    PrcShellCommand *command = prc_shell_alloc (s, sizeof *command);

    command->kind = kind;
    command->start = command->end = s->token.start;
    return command;
}

void
prc_shell_take_words (PrcShellSyntax *s, PrcShellCommand *command, const GArray *words)
{
    command->n_words = words->len;
    command->words = prc_shell_alloc (s, words->len * sizeof (PrcShellSpan) + 1);
    if (words->len > 0)
        memcpy (command->words, words->data, words->len * sizeof (PrcShellSpan));
}

void
prc_shell_take_list (PrcShellSyntax *s, PrcShellCommand *command, PrcShellList *list)
{
    command->n_lists = 1;
    command->lists = prc_shell_alloc (s, sizeof (PrcShellList *));
    command->lists[0] = list;
}

static gboolean
parse_redirect (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    const char *op = s->text + s->token.start;
    gsize n = s->token.end - s->token.start;
    gboolean here = FALSE, strip = FALSE;

    while (n > 0 && *op != '<' && *op != '>' && *op != '&') {
        op++;
        n--;
    }
    here = (n == 2 && memcmp (op, "<<", 2) == 0) || (n == 3 && memcmp (op, "<<-", 3) == 0);
    strip = n == 3;
    if (!prc_shell_next (s, error))
        return FALSE;
    if (s->token.kind != PRC_SHELL_TOKEN_WORD)
        return prc_shell_unexpected (s, NULL, error);
    if (here)
        prc_shell_here_new (s, strip, (PrcShellSpan){ s->token.start, s->token.end });
    command->redirected = TRUE;
    command->end = s->token.end;
    return prc_shell_next (s, error);
}

gboolean
prc_shell_parse_redirects (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    while (s->token.kind == PRC_SHELL_TOKEN_REDIRECT)
        if (!parse_redirect (s, command, error))
            return FALSE;
    return TRUE;
}

static PrcShellCommand *
parse_simple (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_SIMPLE);
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcShellSpan));

    for (;;) {
        PrcShellSpan word = { s->token.start, s->token.end };

        if (s->token.kind == PRC_SHELL_TOKEN_REDIRECT) {
            if (!parse_redirect (s, command, error))
                return NULL;
            continue;
        }
        if (prc_shell_at_operator (s, "(") && words->len > 0) {
            if (words->len == 1 && prc_shell_is_empty_parentheses (s)) {
                command->kind = PRC_SHELL_FUNCTION;
                prc_shell_take_words (s, command, words);
                return prc_shell_skip_empty_parentheses (s, error)
                           ? prc_shell_parse_function_body (s, command, error)
                           : NULL;
            }
            if (s->dialect != PRC_SHELL_ZSH) {
                prc_shell_unexpected (s, NULL, error);
                return NULL;
            }
            if (!prc_shell_read_word (s, error))
                return NULL;
            word.end = s->token.end;
        } else if (s->token.kind != PRC_SHELL_TOKEN_WORD) {
            break;
        } else if (s->dialect == PRC_SHELL_ZSH && words->len > 0 &&
                   (prc_shell_at_word (s, "}") ||
                    (prc_shell_at_word (s, "{") && s->text[command->start] == '['))) {
            break;
        }
        g_array_append_val (words, word);
        command->end = word.end;
        if (!prc_shell_next (s, error))
            return NULL;
    }
    if (words->len == 0 && !command->redirected) {
        prc_shell_unexpected (s, NULL, error);
        return NULL;
    }
    prc_shell_take_words (s, command, words);
    return command;
}

/* zsh: a brace that begins a command is a word of its own: `{ls}`. */
static void
split_brace (PrcShellSyntax *s)
{
    if (s->dialect == PRC_SHELL_ZSH && s->token.kind == PRC_SHELL_TOKEN_WORD &&
        s->text[s->token.start] == '{')
        s->pos = s->token.end = s->token.start + 1;
}

static PrcShellCommand *
parse_any_command (PrcShellSyntax *s, GError **error)
{
    gboolean compound = FALSE;
    PrcShellCommand *command = NULL;

    split_brace (s);
    command = prc_shell_parse_compound (s, &compound, error);

    if (compound)
        return command;
    if (prc_shell_at_list_end (s)) {
        prc_shell_unexpected (s, NULL, error);
        return NULL;
    }
    return parse_simple (s, error);
}

PrcShellCommand *
prc_shell_parse_command (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = NULL;

    if (s->depth >= 200) {
        prc_set_error_at_line (error, prc_shell_line (s, s->token.start),
                               _ ("nested more than 200 levels deep"));
        return NULL;
    }
    s->depth++;
    command = parse_any_command (s, error);
    s->depth--;
    return command;
}

static PrcShellPipeline *
parse_pipeline (PrcShellSyntax *s, GError **error)
{
    PrcShellPipeline *pipeline = prc_shell_alloc (s, sizeof *pipeline);
    PrcShellCommand **tail = &pipeline->commands;

    for (;;) {
        if (prc_shell_at_word (s, "!"))
            pipeline->negated = !pipeline->negated;
        else if (s->dialect == PRC_SHELL_SH || !prc_shell_at_word (s, "time"))
            break;
        pipeline->decorated = TRUE;
        if (!prc_shell_next (s, error))
            return NULL;
        if (s->dialect == PRC_SHELL_BASH && prc_shell_at_word (s, "-p") &&
            !prc_shell_next (s, error))
            return NULL;
        /* `time` and `!` alone are commands of their own in bash and zsh. */
        if (s->dialect != PRC_SHELL_SH &&
            (s->token.kind == PRC_SHELL_TOKEN_NEWLINE || prc_shell_at_operator (s, ";") ||
             prc_shell_at_list_end (s)))
            return pipeline;
    }
    for (;;) {
        PrcShellCommand *command = prc_shell_parse_command (s, error);

        if (command == NULL)
            return NULL;
        *tail = command;
        tail = &command->next;
        if (!prc_shell_at_operator (s, "|") && !prc_shell_at_operator (s, "|&"))
            return pipeline;
        if (!prc_shell_next (s, error) || !prc_shell_skip_newlines (s, error))
            return NULL;
    }
}

PrcShellItem *
prc_shell_parse_joined (PrcShellSyntax *s, GError **error)
{
    PrcShellItem *item = prc_shell_alloc (s, sizeof *item);
    PrcShellPipeline **tail = &item->pipelines;
    char joint = '\0';

    item->start = s->token.start;
    for (;;) {
        PrcShellPipeline *pipeline = parse_pipeline (s, error);

        if (pipeline == NULL)
            return NULL;
        pipeline->joint = joint;
        *tail = pipeline;
        tail = &pipeline->next;
        item->end = item->start;
        for (PrcShellCommand *c = pipeline->commands; c != NULL; c = c->next)
            item->end = c->end;
        if (!prc_shell_at_operator (s, "&&") && !prc_shell_at_operator (s, "||"))
            break;
        joint = s->text[s->token.start];
        if (!prc_shell_next (s, error) || !prc_shell_skip_newlines (s, error))
            return NULL;
    }
    item->separator = (PrcShellSpan){ item->end, item->end };
    return item;
}

/* zsh: what stands behind the bracket that ends a condition: `if [[ … ]] {`, `if [[ … ]] ls` */
static gboolean
at_short_body (const PrcShellSyntax *s, const PrcShellItem *item)
{
    const PrcShellPipeline *last = item->pipelines;
    const PrcShellCommand *command = NULL;

    if (s->dialect != PRC_SHELL_ZSH || s->token.kind != PRC_SHELL_TOKEN_WORD ||
        item->separator.start != item->separator.end ||
        memchr (s->text + item->end, '\n', s->token.start - item->end) != NULL)
        return FALSE;
    if (prc_shell_at_brace_body (s) && strchr ("[(", s->text[item->start]) != NULL)
        return TRUE;
    while (last->next != NULL)
        last = last->next;
    for (command = last->commands; command != NULL && command->next != NULL;
         command = command->next)
        ;
    return command != NULL && (command->kind == PRC_SHELL_TEST || command->kind == PRC_SHELL_ARITH);
}

static PrcShellItem *
parse_item (PrcShellSyntax *s, GError **error)
{
    PrcShellItem *item = prc_shell_parse_joined (s, error);

    if (item == NULL)
        return NULL;
    if (prc_shell_at_operator (s, ";") || prc_shell_at_operator (s, "&") ||
        prc_shell_at_operator (s, "&!") || prc_shell_at_operator (s, "&|")) {
        item->separator = (PrcShellSpan){ s->token.start, s->token.end };
        item->background = s->text[s->token.start] == '&';
        if (!prc_shell_next (s, error))
            return NULL;
    } else if (s->token.kind != PRC_SHELL_TOKEN_NEWLINE && !prc_shell_at_list_end (s) &&
               !at_short_body (s, item)) {
        prc_shell_unexpected (s, NULL, error);
        return NULL;
    }
    return item;
}

PrcShellList *
prc_shell_parse_list (PrcShellSyntax *s, GError **error)
{
    PrcShellList *list = prc_shell_alloc (s, sizeof *list);
    PrcShellItem *last = NULL;

    if (!prc_shell_skip_newlines (s, error))
        return NULL;
    while (!prc_shell_at_list_end (s) && (last == NULL || !at_short_body (s, last))) {
        PrcShellItem *item = NULL;

        if (s->dialect == PRC_SHELL_ZSH && prc_shell_at_operator (s, ";")) {
            if (!prc_shell_next (s, error) || !prc_shell_skip_newlines (s, error))
                return NULL;
            continue;
        }
        item = parse_item (s, error);
        if (item == NULL || !prc_shell_skip_newlines (s, error))
            return NULL;
        item->previous = last;
        if (last != NULL)
            last->next = item;
        else
            list->items = item;
        last = item;
        list->n_items++;
    }
    return list;
}

gboolean
prc_shell_parse_nested (PrcShellSyntax *s, gsize *ret_end, GError **error)
{
    if (!prc_shell_next (s, error) || prc_shell_parse_list (s, error) == NULL)
        return FALSE;
    if (!prc_shell_at_operator (s, ")"))
        return prc_shell_unexpected (s, ")", error);
    *ret_end = s->token.end;
    return TRUE;
}

static void
find_newlines (PrcShellSyntax *s)
{
    const char *p = s->text, *end = s->text + s->size;

    while (p < end && (p = memchr (p, '\n', (gsize) (end - p))) != NULL) {
        gsize offset = (gsize) (p - s->text);

        g_array_append_val (s->newlines, offset);
        p++;
    }
}

PrcShellSyntax *
prc_shell_syntax_new (PrcShellDialect dialect, const char *text, gsize size, GError **error)
{
    g_autoptr (PrcShellSyntax) s = g_new0 (PrcShellSyntax, 1);

    s->text = text != NULL ? text : "";
    s->size = size;
    s->dialect = dialect;
    s->subst_end = g_hash_table_new (NULL, NULL);
    s->blocks = g_ptr_array_new_with_free_func (g_free);
    s->newlines = g_array_new (FALSE, FALSE, sizeof (gsize));
    find_newlines (s);
    if (!prc_shell_next (s, error) || (s->list = prc_shell_parse_list (s, error)) == NULL)
        return NULL;
    if (s->token.kind != PRC_SHELL_TOKEN_EOF) {
        prc_shell_unexpected (s, NULL, error);
        return NULL;
    }
    s->list->may_be_empty = TRUE;
    return g_steal_pointer (&s);
}

void
prc_shell_syntax_free (PrcShellSyntax *s)
{
    if (s == NULL)
        return;
    if (s->here != NULL)
        g_array_unref (s->here);
    g_hash_table_unref (s->subst_end);
    g_ptr_array_unref (s->blocks);
    g_array_unref (s->newlines);
    g_free (s);
}

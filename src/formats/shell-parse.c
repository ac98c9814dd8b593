#include "formats/shell-syntax.h"

#include <string.h>

#include "base/error.h"

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

static PrcShellList *parse_list (PrcShellSyntax *s, GError **error);
static PrcShellCommand *parse_command (PrcShellSyntax *s, GError **error);

/* The current token */

static gboolean
token_is (const PrcShellSyntax *s, const char *text)
{
    gsize n = strlen (text);

    return s->token.end - s->token.start == n && memcmp (s->text + s->token.start, text, n) == 0;
}

static gboolean
at_word (const PrcShellSyntax *s, const char *text)
{
    return s->token.kind == PRC_SHELL_TOKEN_WORD && token_is (s, text);
}

static gboolean
at_operator (const PrcShellSyntax *s, const char *text)
{
    return s->token.kind == PRC_SHELL_TOKEN_OPERATOR && token_is (s, text);
}

static gboolean
unexpected (const PrcShellSyntax *s, const char *wanted, GError **error)
{
    const char *found = "this word";

    if (s->token.kind == PRC_SHELL_TOKEN_EOF)
        found = "the end of the file";
    else if (s->token.kind == PRC_SHELL_TOKEN_NEWLINE)
        found = "the end of the line";
    else if (s->token.kind != PRC_SHELL_TOKEN_WORD)
        found = "this operator";
    if (wanted != NULL)
        prc_set_error_at_line (error, prc_shell_line (s, s->token.start),
                               "syntax error: `%s' expected, not %s", wanted, found);
    else
        prc_set_error_at_line (error, prc_shell_line (s, s->token.start),
                               "syntax error: %s is not expected here", found);
    return FALSE;
}

static gboolean
expect_word (PrcShellSyntax *s, const char *text, GError **error)
{
    return at_word (s, text) ? prc_shell_next (s, error) : unexpected (s, text, error);
}

static gboolean
skip_newlines (PrcShellSyntax *s, GError **error)
{
    while (s->token.kind == PRC_SHELL_TOKEN_NEWLINE)
        if (!prc_shell_next (s, error))
            return FALSE;
    return TRUE;
}

static gboolean
at_list_end (const PrcShellSyntax *s)
{
    static const char *const words[] = { "then", "else", "elif", "fi", "do", "done", "esac", "}" };

    if (s->token.kind == PRC_SHELL_TOKEN_EOF)
        return TRUE;
    if (s->token.kind == PRC_SHELL_TOKEN_OPERATOR)
        return at_operator (s, ")") || at_operator (s, ";;") || at_operator (s, ";&") ||
               at_operator (s, ";;&") || at_operator (s, ";|");
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (at_word (s, words[i]))
            return TRUE;
    return s->dialect == PRC_SHELL_ZSH && at_word (s, "end");
}

/* Building commands */

static PrcShellCommand *
command_new (PrcShellSyntax *s, PrcShellKind kind)
{
    PrcShellCommand *command = prc_shell_alloc (s, sizeof *command);

    command->kind = kind;
    command->start = command->end = s->token.start;
    return command;
}

static void
take_words (PrcShellSyntax *s, PrcShellCommand *command, const GArray *words)
{
    command->n_words = words->len;
    command->words = prc_shell_alloc (s, words->len * sizeof (PrcShellSpan) + 1);
    if (words->len > 0)
        memcpy (command->words, words->data, words->len * sizeof (PrcShellSpan));
}

static void
take_lists (PrcShellSyntax *s, PrcShellCommand *command, const GPtrArray *lists)
{
    command->n_lists = lists->len;
    command->lists = prc_shell_alloc (s, lists->len * sizeof (PrcShellList *) + 1);
    if (lists->len > 0)
        memcpy (command->lists, lists->pdata, lists->len * sizeof (PrcShellList *));
}

static void
take_list (PrcShellSyntax *s, PrcShellCommand *command, PrcShellList *list)
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
        return unexpected (s, NULL, error);
    if (here)
        prc_shell_here_new (s, strip, (PrcShellSpan){ s->token.start, s->token.end });
    command->redirected = TRUE;
    command->end = s->token.end;
    return prc_shell_next (s, error);
}

static gboolean
parse_redirects (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    while (s->token.kind == PRC_SHELL_TOKEN_REDIRECT)
        if (!parse_redirect (s, command, error))
            return FALSE;
    return TRUE;
}

/* The list of a compound command, which the shell wants to hold something; zsh doesn't mind. */
static PrcShellList *
parse_body (PrcShellSyntax *s, GError **error)
{
    PrcShellList *list = parse_list (s, error);

    if (list != NULL && list->n_items == 0 && s->dialect != PRC_SHELL_ZSH) {
        unexpected (s, NULL, error);
        return NULL;
    }
    return list;
}

/* Behind the last word of a compound command. */
static PrcShellCommand *
finish (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    command->end = s->token.end;
    if (!prc_shell_next (s, error) || !parse_redirects (s, command, error))
        return NULL;
    return command;
}

static PrcShellCommand *
parse_group (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_GROUP);
    g_autoptr (GPtrArray) lists = g_ptr_array_new ();
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error) || (list = parse_body (s, error)) == NULL)
        return NULL;
    if (!at_word (s, "}")) {
        unexpected (s, "}", error);
        return NULL;
    }
    g_ptr_array_add (lists, list);
    if (finish (s, command, error) == NULL)
        return NULL;
    if (s->dialect == PRC_SHELL_ZSH && at_word (s, "always")) {
        PrcShellCommand *always = NULL;

        if (!prc_shell_next (s, error))
            return NULL;
        if (!at_word (s, "{")) {
            unexpected (s, "{", error);
            return NULL;
        }
        always = parse_group (s, error);
        if (always == NULL)
            return NULL;
        g_ptr_array_add (lists, always->lists[0]);
        command->end = always->end;
    }
    take_lists (s, command, lists);
    return command;
}

static PrcShellCommand *
parse_subshell (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_SUBSHELL);
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error) || (list = parse_body (s, error)) == NULL)
        return NULL;
    take_list (s, command, list);
    if (!at_operator (s, ")")) {
        unexpected (s, ")", error);
        return NULL;
    }
    return finish (s, command, error);
}

/* zsh: `if cond { … }`: a brace where other shells want `then` or `do`. */
static gboolean
at_brace_body (const PrcShellSyntax *s)
{
    return s->dialect == PRC_SHELL_ZSH && at_word (s, "{");
}

static PrcShellList *
parse_brace_body (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    PrcShellCommand *group = parse_group (s, error);

    if (group == NULL)
        return NULL;
    command->end = group->end;
    return group->lists[0];
}

/* zsh reads `if [[ … ]] {` : a condition that is one bracketed command ends at the brace. */
static PrcShellList *
parse_condition (PrcShellSyntax *s, GError **error)
{
    PrcShellList *list = parse_list (s, error);

    if (list != NULL && list->n_items == 0) {
        unexpected (s, NULL, error);
        return NULL;
    }
    return list;
}

static PrcShellCommand *
parse_if (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_IF);
    g_autoptr (GPtrArray) lists = g_ptr_array_new ();
    gboolean braces = FALSE;

    do {
        PrcShellList *list = NULL;

        if (!prc_shell_next (s, error) || (list = parse_condition (s, error)) == NULL)
            return NULL;
        g_ptr_array_add (lists, list);
        braces = at_brace_body (s);
        if (!braces && !expect_word (s, "then", error))
            return NULL;
        list = braces ? parse_brace_body (s, command, error) : parse_body (s, error);
        if (list == NULL)
            return NULL;
        g_ptr_array_add (lists, list);
    } while (at_word (s, "elif"));
    if (at_word (s, "else")) {
        PrcShellList *list = NULL;

        if (!prc_shell_next (s, error))
            return NULL;
        braces = at_brace_body (s);
        list = braces ? parse_brace_body (s, command, error) : parse_body (s, error);
        if (list == NULL)
            return NULL;
        g_ptr_array_add (lists, list);
        command->has_else = TRUE;
    }
    take_lists (s, command, lists);
    if (braces)
        return command;
    if (!at_word (s, "fi")) {
        unexpected (s, "fi", error);
        return NULL;
    }
    return finish (s, command, error);
}

static PrcShellList *
parse_do (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    PrcShellList *list = NULL;

    if (s->dialect != PRC_SHELL_SH && at_word (s, "{"))
        return parse_brace_body (s, command, error);
    if (!expect_word (s, "do", error) || (list = parse_body (s, error)) == NULL)
        return NULL;
    if (!at_word (s, "done")) {
        unexpected (s, "done", error);
        return NULL;
    }
    return finish (s, command, error) != NULL ? list : NULL;
}

static PrcShellCommand *
parse_loop (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_LOOP);
    g_autoptr (GPtrArray) lists = g_ptr_array_new ();
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error) || (list = parse_condition (s, error)) == NULL)
        return NULL;
    g_ptr_array_add (lists, list);
    if ((list = parse_do (s, command, error)) == NULL)
        return NULL;
    g_ptr_array_add (lists, list);
    take_lists (s, command, lists);
    return command;
}

static gboolean
skip_separator (PrcShellSyntax *s, GError **error)
{
    if (at_operator (s, ";") && !prc_shell_next (s, error))
        return FALSE;
    return skip_newlines (s, error);
}

static gboolean
parse_for_words (PrcShellSyntax *s, GArray *words, GError **error)
{
    /* zsh: for a b in … */
    while (s->dialect == PRC_SHELL_ZSH && s->token.kind == PRC_SHELL_TOKEN_WORD &&
           !at_word (s, "in") && !at_word (s, "do") && !at_word (s, "{"))
        if (!prc_shell_next (s, error))
            return FALSE;
    if (s->dialect == PRC_SHELL_ZSH && at_operator (s, "("))
        return prc_shell_read_word (s, error) && prc_shell_next (s, error) &&
               skip_separator (s, error);
    if (s->token.kind == PRC_SHELL_TOKEN_NEWLINE && !skip_newlines (s, error))
        return FALSE;
    if (at_word (s, "in")) {
        if (!prc_shell_next (s, error))
            return FALSE;
        for (;;) {
            PrcShellSpan word = { s->token.start, s->token.end };

            if (s->dialect == PRC_SHELL_ZSH && at_operator (s, "(")) {
                if (!prc_shell_read_word (s, error))
                    return FALSE;
                word.end = s->token.end;
            } else if (s->token.kind != PRC_SHELL_TOKEN_WORD) {
                break;
            }
            g_array_append_val (words, word);
            if (!prc_shell_next (s, error))
                return FALSE;
        }
        if (!at_operator (s, ";") && s->token.kind != PRC_SHELL_TOKEN_NEWLINE)
            return unexpected (s, NULL, error);
    }
    return skip_separator (s, error);
}

/* for, select, and zsh's foreach … end. */
static PrcShellCommand *
parse_for (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_FOR);
    gboolean foreach = at_word (s, "foreach");
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcShellSpan));
    PrcShellSpan name = { 0, 0 };
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error))
        return NULL;
    if (at_operator (s, "(") && s->dialect != PRC_SHELL_SH) {
        gsize pos = s->token.start;

        if (!prc_shell_skip_arith (s, &pos)) {
            unexpected (s, "((", error);
            return NULL;
        }
        s->pos = pos;
        if (!prc_shell_next (s, error) || !skip_separator (s, error))
            return NULL;
    } else {
        if (s->token.kind != PRC_SHELL_TOKEN_WORD) {
            unexpected (s, NULL, error);
            return NULL;
        }
        name = (PrcShellSpan){ s->token.start, s->token.end };
        g_array_append_val (words, name);
        if (!prc_shell_next (s, error) || !parse_for_words (s, words, error))
            return NULL;
    }
    take_words (s, command, words);
    if (foreach) {
        list = parse_body (s, error);
        if (list == NULL || (!at_word (s, "end") && !unexpected (s, "end", error)) ||
            finish (s, command, error) == NULL)
            return NULL;
    } else if (s->dialect == PRC_SHELL_ZSH && !at_word (s, "do") && !at_word (s, "{")) {
        PrcShellCommand *only = parse_command (s, error);

        if (only == NULL)
            return NULL;
        command->end = only->end;
        list = prc_shell_alloc (s, sizeof *list);
        list->items = prc_shell_alloc (s, sizeof *list->items);
        list->items->pipelines = prc_shell_alloc (s, sizeof *list->items->pipelines);
        list->items->pipelines->commands = only;
        list->items->start = only->start;
        list->items->end = only->end;
        list->n_items = 1;
    } else if ((list = parse_do (s, command, error)) == NULL) {
        return NULL;
    }
    take_list (s, command, list);
    return command;
}

/* One `pattern | pattern )`: parentheses balance, quotes hide. The token is its first. */
static gboolean
skip_pattern (PrcShellSyntax *s, PrcShellSpan *ret_pattern, GError **error)
{
    gsize i = s->token.start, begin = i;
    guint depth = 0;

    for (;;) {
        char c = i < s->size ? s->text[i] : '\0';

        if (c == '\0' || c == '\n') {
            s->token =
                (PrcShellToken){ c == '\0' ? PRC_SHELL_TOKEN_EOF : PRC_SHELL_TOKEN_NEWLINE, i, i };
            return unexpected (s, ")", error);
        }
        if (c == ')' && (depth == 0 || (depth == 1 && s->text[begin] == '('))) {
            char after = i + 1 < s->size ? s->text[i + 1] : '\n';

            if (depth == 0 || strchr (" \t\r\n;", after) != NULL || s->dialect != PRC_SHELL_ZSH)
                break;
        }
        depth += c == '(';
        depth -= c == ')';
        if (!prc_shell_skip_piece (s, &i, error))
            return FALSE;
    }
    if (s->text[begin] == '(' && depth == 1)
        begin++;
    *ret_pattern = (PrcShellSpan){ begin, i };
    s->pos = i + 1;
    return prc_shell_next (s, error);
}

static PrcShellCommand *
parse_case (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_CASE);
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcShellSpan));
    g_autoptr (GPtrArray) lists = g_ptr_array_new ();
    PrcShellSpan word;

    if (!prc_shell_next (s, error))
        return NULL;
    if (s->token.kind != PRC_SHELL_TOKEN_WORD) {
        unexpected (s, NULL, error);
        return NULL;
    }
    word = (PrcShellSpan){ s->token.start, s->token.end };
    g_array_append_val (words, word);
    if (!prc_shell_next (s, error) || !skip_newlines (s, error) || !expect_word (s, "in", error) ||
        !skip_newlines (s, error))
        return NULL;
    while (!at_word (s, "esac")) {
        PrcShellList *list = NULL;

        if ((s->token.kind != PRC_SHELL_TOKEN_WORD && !at_operator (s, "(") &&
             !(s->dialect == PRC_SHELL_ZSH && s->token.kind == PRC_SHELL_TOKEN_REDIRECT)) ||
            !skip_pattern (s, &word, error)) {
            if (error != NULL && *error == NULL)
                unexpected (s, "esac", error);
            return NULL;
        }
        g_array_append_val (words, word);
        if ((list = parse_list (s, error)) == NULL)
            return NULL;
        list->may_be_empty = TRUE;
        g_ptr_array_add (lists, list);
        if (at_word (s, "esac"))
            break;
        if (s->token.kind != PRC_SHELL_TOKEN_OPERATOR || at_operator (s, ")")) {
            unexpected (s, ";;", error);
            return NULL;
        }
        if (!prc_shell_next (s, error) || !skip_newlines (s, error))
            return NULL;
    }
    take_words (s, command, words);
    take_lists (s, command, lists);
    return finish (s, command, error);
}

static PrcShellCommand *
parse_function_body (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    PrcShellCommand *body = NULL;
    PrcShellList *list = NULL;

    if (!skip_newlines (s, error))
        return NULL;
    if (s->token.kind == PRC_SHELL_TOKEN_EOF || at_list_end (s)) {
        unexpected (s, "{", error);
        return NULL;
    }
    body = parse_command (s, error);
    if (body == NULL)
        return NULL;
    if (body->kind == PRC_SHELL_SIMPLE && s->dialect == PRC_SHELL_BASH) {
        s->token = (PrcShellToken){ PRC_SHELL_TOKEN_WORD, body->start, body->end };
        unexpected (s, "{", error);
        return NULL;
    }
    command->end = body->end;
    if (body->kind == PRC_SHELL_GROUP && body->n_lists == 1) {
        list = body->lists[0];
    } else {
        list = prc_shell_alloc (s, sizeof *list);
        list->items = prc_shell_alloc (s, sizeof *list->items);
        list->items->pipelines = prc_shell_alloc (s, sizeof *list->items->pipelines);
        list->items->pipelines->commands = body;
        list->items->start = body->start;
        list->items->end = body->end;
        list->n_items = 1;
    }
    take_list (s, command, list);
    return command;
}

/* The token is the `(` of `()`. */
static gboolean
skip_empty_parentheses (PrcShellSyntax *s, GError **error)
{
    if (!prc_shell_next (s, error))
        return FALSE;
    if (!at_operator (s, ")"))
        return unexpected (s, ")", error);
    return prc_shell_next (s, error);
}

static PrcShellCommand *
parse_function (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_FUNCTION);
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcShellSpan));

    if (!prc_shell_next (s, error))
        return NULL;
    while (s->token.kind == PRC_SHELL_TOKEN_WORD && !at_word (s, "{")) {
        PrcShellSpan word = { s->token.start, s->token.end };

        g_array_append_val (words, word);
        if (!prc_shell_next (s, error))
            return NULL;
        if (s->dialect == PRC_SHELL_BASH)
            break;
    }
    if (words->len == 0 && s->dialect == PRC_SHELL_BASH) {
        unexpected (s, NULL, error);
        return NULL;
    }
    take_words (s, command, words);
    if (at_operator (s, "(") && s->pos < s->size && !skip_empty_parentheses (s, error))
        return NULL;
    return parse_function_body (s, command, error);
}

/* The token is `(`: is the next one `)`, as in `name ()`? */
static gboolean
is_empty_parentheses (const PrcShellSyntax *s)
{
    gsize i = s->token.end;

    while (i < s->size && (s->text[i] == ' ' || s->text[i] == '\t'))
        i++;
    return i < s->size && s->text[i] == ')';
}

static PrcShellCommand *
parse_simple (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_SIMPLE);
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcShellSpan));

    for (;;) {
        PrcShellSpan word = { s->token.start, s->token.end };

        if (s->token.kind == PRC_SHELL_TOKEN_REDIRECT) {
            if (!parse_redirect (s, command, error))
                return NULL;
            continue;
        }
        if (at_operator (s, "(") && words->len > 0) {
            if (words->len == 1 && is_empty_parentheses (s)) {
                command->kind = PRC_SHELL_FUNCTION;
                take_words (s, command, words);
                return skip_empty_parentheses (s, error) ? parse_function_body (s, command, error)
                                                         : NULL;
            }
            if (s->dialect != PRC_SHELL_ZSH) {
                unexpected (s, NULL, error);
                return NULL;
            }
            if (!prc_shell_read_word (s, error))
                return NULL;
            word.end = s->token.end;
        } else if (s->token.kind != PRC_SHELL_TOKEN_WORD) {
            break;
        } else if (s->dialect == PRC_SHELL_ZSH && words->len > 0 &&
                   (at_word (s, "}") || (at_word (s, "{") && s->text[command->start] == '['))) {
            break;
        }
        g_array_append_val (words, word);
        command->end = word.end;
        if (!prc_shell_next (s, error))
            return NULL;
    }
    if (words->len == 0 && !command->redirected) {
        unexpected (s, NULL, error);
        return NULL;
    }
    take_words (s, command, words);
    return command;
}

static PrcShellCommand *
parse_test (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_TEST);
    gsize i = s->token.end;

    while (i < s->size) {
        gboolean word_start = strchr (" \t\n(!", s->text[i - 1]) != NULL;

        if (word_start && s->size - i >= 2 && memcmp (s->text + i, "]]", 2) == 0 &&
            (i + 2 == s->size || strchr (" \t\r\n;&|)<>", s->text[i + 2]) != NULL)) {
            command->words = prc_shell_alloc (s, sizeof (PrcShellSpan));
            command->words[0] = (PrcShellSpan){ s->token.end, i };
            command->n_words = 1;
            s->pos = i + 2;
            s->token = (PrcShellToken){ PRC_SHELL_TOKEN_WORD, i, i + 2 };
            return finish (s, command, error);
        }
        if (!prc_shell_skip_piece (s, &i, error))
            return NULL;
    }
    unexpected (s, "]]", error);
    return NULL;
}

static PrcShellCommand *
parse_parenthesis (PrcShellSyntax *s, GError **error)
{
    gsize pos = s->token.start;

    if (s->dialect != PRC_SHELL_SH && s->pos < s->size && s->text[s->pos] == '(' &&
        prc_shell_skip_arith (s, &pos)) {
        PrcShellCommand *command = command_new (s, PRC_SHELL_ARITH);

        command->words = prc_shell_alloc (s, sizeof (PrcShellSpan));
        command->words[0] = (PrcShellSpan){ s->token.start, pos };
        command->n_words = 1;
        s->pos = pos;
        s->token.end = pos;
        return finish (s, command, error);
    }
    if (s->dialect == PRC_SHELL_ZSH && is_empty_parentheses (s)) {
        PrcShellCommand *command = command_new (s, PRC_SHELL_FUNCTION);

        return skip_empty_parentheses (s, error) ? parse_function_body (s, command, error) : NULL;
    }
    return parse_subshell (s, error);
}

/* bash: coproc [NAME] command; zsh: coproc command. It runs in a subshell of its own. */
static PrcShellCommand *
parse_coproc (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_SUBSHELL);
    PrcShellCommand *inner = NULL;
    g_autoptr (GPtrArray) none = g_ptr_array_new ();

    if (!prc_shell_next (s, error) || (inner = parse_command (s, error)) == NULL)
        return NULL;
    command->end = inner->end;
    if (inner->kind == PRC_SHELL_SIMPLE && inner->n_words == 1 &&
        (at_word (s, "{") || at_operator (s, "("))) {
        if ((inner = parse_command (s, error)) == NULL)
            return NULL;
        command->end = inner->end;
    }
    take_lists (s, command, none);
    return command;
}

/* zsh: repeat N do … done, repeat N command. */
static PrcShellCommand *
parse_repeat (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = command_new (s, PRC_SHELL_FOR);
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error) || !prc_shell_next (s, error) || !skip_separator (s, error))
        return NULL;
    if (!at_word (s, "do") && !at_word (s, "{"))
        return parse_command (s, error);
    if ((list = parse_do (s, command, error)) == NULL)
        return NULL;
    take_list (s, command, list);
    return command;
}

static const struct {
    const char *word;
    PrcShellCommand *(*parse) (PrcShellSyntax *s, GError **error);
    guint dialects; /* bits */
} reserved[] = {
    { "{", parse_group, 7 },       { "if", parse_if, 7 },       { "while", parse_loop, 7 },
    { "until", parse_loop, 7 },    { "for", parse_for, 7 },     { "case", parse_case, 7 },
    { "[[", parse_test, 6 },       { "select", parse_for, 6 },  { "function", parse_function, 6 },
    { "coproc", parse_coproc, 6 }, { "foreach", parse_for, 4 }, { "repeat", parse_repeat, 4 },
};

static PrcShellCommand *
parse_any_command (PrcShellSyntax *s, GError **error)
{
    if (at_operator (s, "("))
        return parse_parenthesis (s, error);
    if (s->token.kind == PRC_SHELL_TOKEN_WORD)
        for (guint i = 0; i < G_N_ELEMENTS (reserved); i++)
            if ((reserved[i].dialects & (1u << s->dialect)) != 0 && token_is (s, reserved[i].word))
                return reserved[i].parse (s, error);
    if (at_list_end (s)) {
        unexpected (s, NULL, error);
        return NULL;
    }
    return parse_simple (s, error);
}

static PrcShellCommand *
parse_command (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = NULL;

    if (s->depth >= 200) {
        prc_set_error_at_line (error, prc_shell_line (s, s->token.start),
                               "nested more than 200 levels deep");
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
        if (at_word (s, "!"))
            pipeline->negated = !pipeline->negated;
        else if (s->dialect == PRC_SHELL_SH || !at_word (s, "time"))
            break;
        pipeline->decorated = TRUE;
        if (!prc_shell_next (s, error))
            return NULL;
        if (s->dialect == PRC_SHELL_BASH && at_word (s, "-p") && !prc_shell_next (s, error))
            return NULL;
        /* `time` and `!` alone are commands of their own in bash and zsh. */
        if (s->dialect != PRC_SHELL_SH &&
            (s->token.kind == PRC_SHELL_TOKEN_NEWLINE || at_operator (s, ";") || at_list_end (s)))
            return pipeline;
    }
    for (;;) {
        PrcShellCommand *command = parse_command (s, error);

        if (command == NULL)
            return NULL;
        *tail = command;
        tail = &command->next;
        if (!at_operator (s, "|") && !at_operator (s, "|&"))
            return pipeline;
        if (!prc_shell_next (s, error) || !skip_newlines (s, error))
            return NULL;
    }
}

static PrcShellItem *
parse_item (PrcShellSyntax *s, GError **error)
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
        if (!at_operator (s, "&&") && !at_operator (s, "||"))
            break;
        joint = s->text[s->token.start];
        if (!prc_shell_next (s, error) || !skip_newlines (s, error))
            return NULL;
    }
    item->separator = (PrcShellSpan){ item->end, item->end };
    if (at_operator (s, ";") || at_operator (s, "&") || at_operator (s, "&!") ||
        at_operator (s, "&|")) {
        item->separator = (PrcShellSpan){ s->token.start, s->token.end };
        item->background = s->text[s->token.start] == '&';
        if (!prc_shell_next (s, error))
            return NULL;
    } else if (s->token.kind != PRC_SHELL_TOKEN_NEWLINE && !at_list_end (s) && !at_brace_body (s)) {
        unexpected (s, NULL, error);
        return NULL;
    }
    return item;
}

static PrcShellList *
parse_list (PrcShellSyntax *s, GError **error)
{
    PrcShellList *list = prc_shell_alloc (s, sizeof *list);
    PrcShellItem *last = NULL;

    if (!skip_newlines (s, error))
        return NULL;
    while (!at_list_end (s) && !(list->n_items > 0 && at_brace_body (s) &&
                                 strchr ("[(", s->text[last->start]) != NULL &&
                                 last->separator.start == last->separator.end)) {
        PrcShellItem *item = NULL;

        if (s->dialect == PRC_SHELL_ZSH && at_operator (s, ";")) {
            if (!prc_shell_next (s, error) || !skip_newlines (s, error))
                return NULL;
            continue;
        }
        item = parse_item (s, error);
        if (item == NULL || !skip_newlines (s, error))
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
    if (!prc_shell_next (s, error) || parse_list (s, error) == NULL)
        return FALSE;
    if (!at_operator (s, ")"))
        return unexpected (s, ")", error);
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
    if (!prc_shell_next (s, error) || (s->list = parse_list (s, error)) == NULL)
        return NULL;
    if (s->token.kind != PRC_SHELL_TOKEN_EOF) {
        unexpected (s, NULL, error);
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

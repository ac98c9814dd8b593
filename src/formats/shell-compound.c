#include "formats/shell-parser.h"

#include <string.h>

typedef PrcShellCommand *(*Parse) (PrcShellSyntax *s, GError **error);

static Parse reserved_word (const PrcShellSyntax *s);

static void
take_lists (PrcShellSyntax *s, PrcShellCommand *command, const GPtrArray *lists)
{
    command->n_lists = lists->len;
    command->lists = prc_shell_alloc (s, lists->len * sizeof (PrcShellList *) + 1);
    if (lists->len > 0)
        memcpy (command->lists, lists->pdata, lists->len * sizeof (PrcShellList *));
}

static gboolean
expect_word (PrcShellSyntax *s, const char *text, GError **error)
{
    return prc_shell_at_word (s, text) ? prc_shell_next (s, error)
                                       : prc_shell_unexpected (s, text, error);
}

/* The list of a compound command, which the shell wants to hold something; zsh doesn't mind. */
static PrcShellList *
parse_body (PrcShellSyntax *s, GError **error)
{
    PrcShellList *list = prc_shell_parse_list (s, error);

    if (list != NULL && list->n_items == 0 && s->dialect != PRC_SHELL_ZSH) {
        prc_shell_unexpected (s, NULL, error);
        return NULL;
    }
    return list;
}

/* Behind the last word of a compound command. */
static PrcShellCommand *
finish (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    command->end = s->token.end;
    if (!prc_shell_next (s, error) || !prc_shell_parse_redirects (s, command, error))
        return NULL;
    return command;
}

static PrcShellCommand *
parse_group (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_GROUP);
    g_autoptr (GPtrArray) lists = g_ptr_array_new ();
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error) || (list = parse_body (s, error)) == NULL)
        return NULL;
    if (!prc_shell_at_word (s, "}")) {
        prc_shell_unexpected (s, "}", error);
        return NULL;
    }
    g_ptr_array_add (lists, list);
    if (finish (s, command, error) == NULL)
        return NULL;
    if (s->dialect == PRC_SHELL_ZSH && prc_shell_at_word (s, "always")) {
        PrcShellCommand *always = NULL;

        if (!prc_shell_next (s, error))
            return NULL;
        if (!prc_shell_at_word (s, "{")) {
            prc_shell_unexpected (s, "{", error);
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
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_SUBSHELL);
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error) || (list = parse_body (s, error)) == NULL)
        return NULL;
    prc_shell_take_list (s, command, list);
    if (!prc_shell_at_operator (s, ")")) {
        prc_shell_unexpected (s, ")", error);
        return NULL;
    }
    return finish (s, command, error);
}

/* zsh: `if cond { … }`: a brace where other shells want `then` or `do`. */
gboolean
prc_shell_at_brace_body (const PrcShellSyntax *s)
{
    return s->dialect == PRC_SHELL_ZSH && prc_shell_at_word (s, "{");
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

/* zsh: one command, where other shells want `then … fi` or `do … done`. */
static PrcShellList *
parse_short_body (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    PrcShellList *list = prc_shell_alloc (s, sizeof *list);

    list->items = prc_shell_parse_joined (s, error);
    if (list->items == NULL)
        return NULL;
    list->n_items = 1;
    command->end = list->items->end;
    return list;
}

/* zsh reads `if [[ … ]] {` : a condition that is one bracketed command ends at the brace. */
static PrcShellList *
parse_condition (PrcShellSyntax *s, GError **error)
{
    PrcShellList *list = prc_shell_parse_list (s, error);

    if (list != NULL && list->n_items == 0) {
        prc_shell_unexpected (s, NULL, error);
        return NULL;
    }
    return list;
}

/* Behind a condition that has ended without a separator. */
static gboolean
at_short_body (const PrcShellSyntax *s)
{
    return s->dialect == PRC_SHELL_ZSH && s->token.kind == PRC_SHELL_TOKEN_WORD &&
           !prc_shell_at_list_end (s);
}

static PrcShellCommand *
parse_if (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_IF);
    g_autoptr (GPtrArray) lists = g_ptr_array_new ();
    gboolean braces = FALSE;

    do {
        PrcShellList *list = NULL;

        if (!prc_shell_next (s, error) || (list = parse_condition (s, error)) == NULL)
            return NULL;
        g_ptr_array_add (lists, list);
        braces = prc_shell_at_brace_body (s);
        if (!braces && at_short_body (s)) {
            if ((list = parse_short_body (s, command, error)) == NULL)
                return NULL;
            g_ptr_array_add (lists, list);
            take_lists (s, command, lists);
            return command;
        }
        if (!braces && !expect_word (s, "then", error))
            return NULL;
        list = braces ? parse_brace_body (s, command, error) : parse_body (s, error);
        if (list == NULL)
            return NULL;
        g_ptr_array_add (lists, list);
    } while (prc_shell_at_word (s, "elif"));
    if (prc_shell_at_word (s, "else")) {
        PrcShellList *list = NULL;

        if (!prc_shell_next (s, error))
            return NULL;
        braces = braces && prc_shell_at_brace_body (s);
        list = braces ? parse_brace_body (s, command, error) : parse_body (s, error);
        if (list == NULL)
            return NULL;
        g_ptr_array_add (lists, list);
        command->has_else = TRUE;
    }
    take_lists (s, command, lists);
    if (braces)
        return command;
    if (!prc_shell_at_word (s, "fi")) {
        prc_shell_unexpected (s, "fi", error);
        return NULL;
    }
    return finish (s, command, error);
}

static PrcShellList *
parse_do (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    PrcShellList *list = NULL;

    if (s->dialect != PRC_SHELL_SH && prc_shell_at_word (s, "{"))
        return parse_brace_body (s, command, error);
    if (!expect_word (s, "do", error) || (list = parse_body (s, error)) == NULL)
        return NULL;
    if (!prc_shell_at_word (s, "done")) {
        prc_shell_unexpected (s, "done", error);
        return NULL;
    }
    return finish (s, command, error) != NULL ? list : NULL;
}

static PrcShellCommand *
parse_loop (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_LOOP);
    g_autoptr (GPtrArray) lists = g_ptr_array_new ();
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error) || (list = parse_condition (s, error)) == NULL)
        return NULL;
    g_ptr_array_add (lists, list);
    list = at_short_body (s) && !prc_shell_at_brace_body (s) ? parse_short_body (s, command, error)
                                                             : parse_do (s, command, error);
    if (list == NULL)
        return NULL;
    g_ptr_array_add (lists, list);
    take_lists (s, command, lists);
    return command;
}

static gboolean
skip_separator (PrcShellSyntax *s, GError **error)
{
    if (prc_shell_at_operator (s, ";") && !prc_shell_next (s, error))
        return FALSE;
    return prc_shell_skip_newlines (s, error);
}

/* zsh: `for x (a b)`. What is no plain list of words is only skipped. */
static gboolean
parse_words_in_parentheses (PrcShellSyntax *s, GArray *words, GError **error)
{
    PrcShellToken token = s->token;

    if (!prc_shell_next (s, error))
        return FALSE;
    while (s->token.kind == PRC_SHELL_TOKEN_WORD || s->token.kind == PRC_SHELL_TOKEN_NEWLINE) {
        PrcShellSpan word = { s->token.start, s->token.end };

        if (s->token.kind == PRC_SHELL_TOKEN_WORD)
            g_array_append_val (words, word);
        if (!prc_shell_next (s, error))
            return FALSE;
    }
    if (!prc_shell_at_operator (s, ")")) {
        s->token = token;
        if (!prc_shell_read_word (s, error))
            return FALSE;
    }
    return prc_shell_next (s, error);
}

static gboolean
parse_for_words (PrcShellSyntax *s, GArray *words, GError **error)
{
    /* zsh: for a b in … */
    while (s->dialect == PRC_SHELL_ZSH && s->token.kind == PRC_SHELL_TOKEN_WORD &&
           !prc_shell_at_word (s, "in") && !prc_shell_at_word (s, "do") &&
           !prc_shell_at_word (s, "{"))
        if (!prc_shell_next (s, error))
            return FALSE;
    if (s->dialect == PRC_SHELL_ZSH && prc_shell_at_operator (s, "("))
        return parse_words_in_parentheses (s, words, error) && skip_separator (s, error);
    if (s->token.kind == PRC_SHELL_TOKEN_NEWLINE && !prc_shell_skip_newlines (s, error))
        return FALSE;
    if (prc_shell_at_word (s, "in")) {
        if (!prc_shell_next (s, error))
            return FALSE;
        for (;;) {
            PrcShellSpan word = { s->token.start, s->token.end };

            if (s->dialect == PRC_SHELL_ZSH && prc_shell_at_operator (s, "(")) {
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
        if (!prc_shell_at_operator (s, ";") && s->token.kind != PRC_SHELL_TOKEN_NEWLINE)
            return prc_shell_unexpected (s, NULL, error);
    }
    return skip_separator (s, error);
}

/* for, select, and zsh's foreach … end. */
static PrcShellCommand *
parse_for (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_FOR);
    gboolean foreach = prc_shell_at_word (s, "foreach");
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcShellSpan));
    PrcShellSpan name = { 0, 0 };
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error))
        return NULL;
    if (prc_shell_at_operator (s, "(") && s->dialect != PRC_SHELL_SH) {
        gsize pos = s->token.start;

        if (!prc_shell_skip_arith (s, &pos)) {
            prc_shell_unexpected (s, "((", error);
            return NULL;
        }
        s->pos = pos;
        if (!prc_shell_next (s, error) || !skip_separator (s, error))
            return NULL;
    } else {
        if (s->token.kind != PRC_SHELL_TOKEN_WORD) {
            prc_shell_unexpected (s, NULL, error);
            return NULL;
        }
        name = (PrcShellSpan){ s->token.start, s->token.end };
        g_array_append_val (words, name);
        if (!prc_shell_next (s, error) || !parse_for_words (s, words, error))
            return NULL;
    }
    prc_shell_take_words (s, command, words);
    if (foreach && !prc_shell_at_word (s, "do") && !prc_shell_at_word (s, "{")) {
        list = parse_body (s, error);
        if (list == NULL ||
            (!prc_shell_at_word (s, "end") && !prc_shell_unexpected (s, "end", error)) ||
            finish (s, command, error) == NULL)
            return NULL;
    } else if (s->dialect == PRC_SHELL_ZSH && !prc_shell_at_word (s, "do") &&
               !prc_shell_at_word (s, "{")) {
        if ((list = parse_short_body (s, command, error)) == NULL)
            return NULL;
    } else if ((list = parse_do (s, command, error)) == NULL) {
        return NULL;
    }
    prc_shell_take_list (s, command, list);
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
            return prc_shell_unexpected (s, ")", error);
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
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_CASE);
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcShellSpan));
    g_autoptr (GPtrArray) lists = g_ptr_array_new ();
    PrcShellSpan word;

    if (!prc_shell_next (s, error))
        return NULL;
    if (s->dialect == PRC_SHELL_ZSH && prc_shell_at_operator (s, "(") &&
        !prc_shell_read_word (s, error))
        return NULL;
    if (s->token.kind != PRC_SHELL_TOKEN_WORD) {
        prc_shell_unexpected (s, NULL, error);
        return NULL;
    }
    word = (PrcShellSpan){ s->token.start, s->token.end };
    g_array_append_val (words, word);
    if (!prc_shell_next (s, error) ||
        !(s->dialect == PRC_SHELL_ZSH ? skip_separator (s, error)
                                      : prc_shell_skip_newlines (s, error)) ||
        !expect_word (s, "in", error) ||
        !(s->dialect == PRC_SHELL_ZSH ? skip_separator (s, error)
                                      : prc_shell_skip_newlines (s, error)))
        return NULL;
    while (!prc_shell_at_word (s, "esac")) {
        PrcShellList *list = NULL;

        if ((s->token.kind != PRC_SHELL_TOKEN_WORD && !prc_shell_at_operator (s, "(") &&
             !(s->dialect == PRC_SHELL_ZSH &&
               (s->token.kind == PRC_SHELL_TOKEN_REDIRECT || prc_shell_at_operator (s, "|")))) ||
            !skip_pattern (s, &word, error)) {
            if (error != NULL && *error == NULL)
                prc_shell_unexpected (s, "esac", error);
            return NULL;
        }
        g_array_append_val (words, word);
        if ((list = prc_shell_parse_list (s, error)) == NULL)
            return NULL;
        list->may_be_empty = TRUE;
        g_ptr_array_add (lists, list);
        if (prc_shell_at_word (s, "esac"))
            break;
        if (s->token.kind != PRC_SHELL_TOKEN_OPERATOR || prc_shell_at_operator (s, ")")) {
            prc_shell_unexpected (s, ";;", error);
            return NULL;
        }
        if (!prc_shell_next (s, error) || !prc_shell_skip_newlines (s, error))
            return NULL;
    }
    prc_shell_take_words (s, command, words);
    take_lists (s, command, lists);
    return finish (s, command, error);
}

PrcShellCommand *
prc_shell_parse_function_body (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    PrcShellCommand *body = NULL;
    PrcShellList *list = NULL;

    if (!prc_shell_skip_newlines (s, error))
        return NULL;
    if (s->token.kind == PRC_SHELL_TOKEN_EOF || prc_shell_at_list_end (s)) {
        prc_shell_unexpected (s, "{", error);
        return NULL;
    }
    body = prc_shell_parse_command (s, error);
    if (body == NULL)
        return NULL;
    if (body->kind == PRC_SHELL_SIMPLE && s->dialect == PRC_SHELL_BASH) {
        s->token = (PrcShellToken){ PRC_SHELL_TOKEN_WORD, body->start, body->end };
        prc_shell_unexpected (s, "{", error);
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
    prc_shell_take_list (s, command, list);
    return command;
}

/* The token is the `(` of `()`. */
gboolean
prc_shell_skip_empty_parentheses (PrcShellSyntax *s, GError **error)
{
    if (!prc_shell_next (s, error))
        return FALSE;
    if (!prc_shell_at_operator (s, ")"))
        return prc_shell_unexpected (s, ")", error);
    return prc_shell_next (s, error);
}

/* zsh: `() { … } a b`, what a function without a name is run with. */
static PrcShellCommand *
skip_arguments (PrcShellSyntax *s, PrcShellCommand *command, GError **error)
{
    for (;;) {
        if (s->token.kind == PRC_SHELL_TOKEN_REDIRECT) {
            if (!prc_shell_parse_redirects (s, command, error))
                return NULL;
        } else if (s->token.kind == PRC_SHELL_TOKEN_WORD && !prc_shell_at_word (s, "}")) {
            command->end = s->token.end;
            if (!prc_shell_next (s, error))
                return NULL;
        } else {
            return command;
        }
    }
}

static PrcShellCommand *
parse_function (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_FUNCTION);
    g_autoptr (GArray) words = g_array_new (FALSE, FALSE, sizeof (PrcShellSpan));

    if (!prc_shell_next (s, error))
        return NULL;
    while (s->token.kind == PRC_SHELL_TOKEN_WORD && !prc_shell_at_word (s, "{")) {
        PrcShellSpan word = { s->token.start, s->token.end };

        g_array_append_val (words, word);
        if (!prc_shell_next (s, error))
            return NULL;
        if (s->dialect == PRC_SHELL_BASH)
            break;
    }
    if (words->len == 0 && s->dialect == PRC_SHELL_BASH) {
        prc_shell_unexpected (s, NULL, error);
        return NULL;
    }
    prc_shell_take_words (s, command, words);
    if (prc_shell_at_operator (s, "(") && s->pos < s->size &&
        !prc_shell_skip_empty_parentheses (s, error))
        return NULL;
    if (prc_shell_parse_function_body (s, command, error) == NULL)
        return NULL;
    return words->len == 0 ? skip_arguments (s, command, error) : command;
}

/* The token is `(`: is the next one `)`, as in `name ()`? */
gboolean
prc_shell_is_empty_parentheses (const PrcShellSyntax *s)
{
    gsize i = s->token.end;

    while (i < s->size && (s->text[i] == ' ' || s->text[i] == '\t'))
        i++;
    return i < s->size && s->text[i] == ')';
}

static PrcShellCommand *
parse_test (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_TEST);
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
    prc_shell_unexpected (s, "]]", error);
    return NULL;
}

static PrcShellCommand *
parse_parenthesis (PrcShellSyntax *s, GError **error)
{
    gsize pos = s->token.start;

    if (s->dialect != PRC_SHELL_SH && s->pos < s->size && s->text[s->pos] == '(' &&
        prc_shell_skip_arith (s, &pos)) {
        PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_ARITH);

        command->words = prc_shell_alloc (s, sizeof (PrcShellSpan));
        command->words[0] = (PrcShellSpan){ s->token.start, pos };
        command->n_words = 1;
        s->pos = pos;
        s->token.end = pos;
        return finish (s, command, error);
    }
    if (s->dialect == PRC_SHELL_ZSH && prc_shell_is_empty_parentheses (s)) {
        PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_FUNCTION);

        return prc_shell_skip_empty_parentheses (s, error) &&
                       prc_shell_parse_function_body (s, command, error) != NULL
                   ? skip_arguments (s, command, error)
                   : NULL;
    }
    return parse_subshell (s, error);
}

/* A word before a compound command. */
static gboolean
skip_coproc_name (PrcShellSyntax *s, GError **error)
{
    PrcShellToken name = s->token;
    gsize pos = s->pos, next = s->pos;

    while (next < s->size && strchr (" \t", s->text[next]) != NULL)
        next++;
    if (s->dialect != PRC_SHELL_BASH || name.kind != PRC_SHELL_TOKEN_WORD ||
        reserved_word (s) != NULL || next == s->size || s->text[next] == '\n')
        return TRUE;
    if (!prc_shell_next (s, error))
        return FALSE;
    if (prc_shell_at_operator (s, "(") || reserved_word (s) != NULL)
        return TRUE;
    s->token = name;
    s->pos = pos;
    return TRUE;
}

/* bash: coproc [NAME] command; zsh: coproc command. It runs in a subshell of its own. */
static PrcShellCommand *
parse_coproc (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_SUBSHELL);
    PrcShellCommand *inner = NULL;
    g_autoptr (GPtrArray) none = g_ptr_array_new ();

    if (!prc_shell_next (s, error) || !skip_coproc_name (s, error) ||
        (inner = prc_shell_parse_command (s, error)) == NULL)
        return NULL;
    command->end = inner->end;
    take_lists (s, command, none);
    return command;
}

/* zsh: repeat N do … done, repeat N command. */
static PrcShellCommand *
parse_repeat (PrcShellSyntax *s, GError **error)
{
    PrcShellCommand *command = prc_shell_command_new (s, PRC_SHELL_FOR);
    PrcShellList *list = NULL;

    if (!prc_shell_next (s, error) || !prc_shell_next (s, error) || !skip_separator (s, error))
        return NULL;
    list = prc_shell_at_word (s, "do") || prc_shell_at_word (s, "{")
               ? parse_do (s, command, error)
               : parse_short_body (s, command, error);
    if (list == NULL)
        return NULL;
    prc_shell_take_list (s, command, list);
    return command;
}

static const struct {
    const char *word;
    Parse parse;
    guint dialects; /* bits */
} reserved[] = {
    { "{", parse_group, 7 },       { "if", parse_if, 7 },       { "while", parse_loop, 7 },
    { "until", parse_loop, 7 },    { "for", parse_for, 7 },     { "case", parse_case, 7 },
    { "[[", parse_test, 6 },       { "select", parse_for, 6 },  { "function", parse_function, 6 },
    { "coproc", parse_coproc, 6 }, { "foreach", parse_for, 4 }, { "repeat", parse_repeat, 4 },
};

/* What parses the compound command that the token begins; NULL: it doesn't. */
static Parse
reserved_word (const PrcShellSyntax *s)
{
    if (s->token.kind == PRC_SHELL_TOKEN_WORD)
        for (guint i = 0; i < G_N_ELEMENTS (reserved); i++)
            if ((reserved[i].dialects & (1u << s->dialect)) != 0 &&
                prc_shell_token_is (s, reserved[i].word))
                return reserved[i].parse;
    return NULL;
}

PrcShellCommand *
prc_shell_parse_compound (PrcShellSyntax *s, gboolean *ret_is_one, GError **error)
{
    Parse parse = prc_shell_at_operator (s, "(") ? parse_parenthesis : reserved_word (s);

    *ret_is_one = parse != NULL;
    return parse != NULL ? parse (s, error) : NULL;
}

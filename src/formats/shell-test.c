#include "formats/shell-state.h"

#include <string.h>

/* Which way a test goes in an interactive shell, as far as it asks only that. */

typedef struct {
    const char *text;
    gsize length;
} Token;

static Token
unquoted (Token token)
{
    if (token.length >= 2 && token.text[0] == '"' && token.text[token.length - 1] == '"')
        return (Token){ token.text + 1, token.length - 2 };
    return token;
}

static gboolean
is (Token token, const char *text)
{
    token = unquoted (token);
    return token.length == strlen (text) && memcmp (token.text, text, token.length) == 0;
}

static gboolean
is_one_of (Token token, const char *const *texts)
{
    for (; *texts != NULL; texts++)
        if (is (token, *texts))
            return TRUE;
    return FALSE;
}

static gboolean
is_prompt (Token token)
{
    static const char *const spellings[] = { "$PS1", "${PS1}", "${PS1-}", "${PS1:-}", NULL };

    return is_one_of (token, spellings);
}

/* What only bash sets: asked for in files that other shells may read too. */
static gboolean
is_bash_version (Token token)
{
    static const char *const spellings[] = {
        "$BASH_VERSION",     "${BASH_VERSION}", "${BASH_VERSION-}",
        "${BASH_VERSION:-}", "$BASH",           "${BASH}",
        "${BASH-}",          "${BASH:-}",       NULL
    };

    return is_one_of (token, spellings);
}

static gboolean
is_flags (Token token)
{
    static const char *const spellings[] = { "$-", "${-}", NULL };

    return is_one_of (token, spellings);
}

static PrcShellStatus
status_of (gboolean ok)
{
    return ok ? PRC_STATUS_OK_IF_INTERACTIVE : PRC_STATUS_FAILED_IF_INTERACTIVE;
}

static PrcShellStatus
unary (Token op, Token word)
{
    if (is (op, "-n") && is_prompt (word))
        return status_of (TRUE);
    if (is (op, "-z") && is_prompt (word))
        return status_of (FALSE);
    if ((is (op, "-t") && word.length == 1 && g_ascii_isdigit (*word.text)) ||
        (is (op, "-o") && is (word, "interactive")) || (is (op, "-v") && is (word, "PS1")))
        return status_of (TRUE);
    return PRC_STATUS_UNKNOWN;
}

static PrcShellStatus
binary (Token left, Token op, Token right)
{
    gboolean equal = is (op, "=") || is (op, "==") || is (op, "=~");

    if (!equal && !is (op, "!="))
        return PRC_STATUS_UNKNOWN;
    if (is_flags (left) && right.length <= 5 && memchr (right.text, 'i', right.length) != NULL)
        return status_of (equal);
    if (is_prompt (left) && (is (right, "") || is (right, "''")))
        return status_of (!equal);
    if (is (left, "${-#*i}") && is_flags (right))
        return status_of (!equal);
    return PRC_STATUS_UNKNOWN;
}

static guint
split (const char *text, PrcShellSpan span, Token *tokens, guint max)
{
    guint n = 0;
    gsize i = span.start;

    while (i < span.end) {
        gsize begin = i;

        while (i < span.end && strchr (" \t\n", text[i]) == NULL)
            i++;
        if (i > begin) {
            if (n == max)
                return max + 1;
            tokens[n++] = (Token){ text + begin, i - begin };
        } else {
            i++;
        }
    }
    return n;
}

PrcShellStatus
prc_shell_test_status (const PrcShellMachine *m, const PrcShellCommand *command)
{
    const char *text = m->syntax->text;
    Token tokens[4];
    guint n = 0, first = 0;
    gboolean negated = FALSE;
    PrcShellStatus status = PRC_STATUS_UNKNOWN;

    if (command->kind == PRC_SHELL_TEST) {
        n = split (text, command->words[0], tokens, G_N_ELEMENTS (tokens));
    } else {
        guint last = command->n_words;

        if (text[command->words[0].start] == '[')
            last--;
        for (guint i = 1; i < last && n <= G_N_ELEMENTS (tokens); i++, n++)
            if (n < G_N_ELEMENTS (tokens))
                tokens[n] = (Token){ text + command->words[i].start,
                                     command->words[i].end - command->words[i].start };
    }
    if (n == 0 || n > G_N_ELEMENTS (tokens))
        return PRC_STATUS_UNKNOWN;
    negated = is (tokens[0], "!");
    first = negated ? 1 : 0;
    if (m->syntax->dialect == PRC_SHELL_BASH && is_bash_version (tokens[n - 1]) &&
        (n - first == 1 || (n - first == 2 && is (tokens[first], "-n"))))
        return negated ? PRC_STATUS_FAILED : PRC_STATUS_OK;
    if (n - first == 1 && is_prompt (tokens[first]))
        status = status_of (TRUE);
    else if (n - first == 2)
        status = unary (tokens[first], tokens[first + 1]);
    else if (n - first == 3)
        status = binary (tokens[first], tokens[first + 1], tokens[first + 2]);
    if (negated && status != PRC_STATUS_UNKNOWN)
        status = status_of (status == PRC_STATUS_FAILED_IF_INTERACTIVE);
    return status;
}

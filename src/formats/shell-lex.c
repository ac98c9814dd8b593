#include "formats/shell-syntax.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

typedef struct {
    char *delimiter;
    gboolean quoted;
    gboolean strip_tabs;
} PrcShellHere;

static gboolean
unterminated (const PrcShellSyntax *s, gsize at, const char *message, GError **error)
{
    prc_set_error_at_line (error, prc_shell_line (s, at), "%s", message);
    return FALSE;
}

static char
char_at (const PrcShellSyntax *s, gsize pos)
{
    return pos < s->size ? s->text[pos] : '\0';
}

gboolean
prc_shell_skip_single (const PrcShellSyntax *s, gsize *pos, GError **error)
{
    const char *end = memchr (s->text + *pos + 1, '\'', s->size - *pos - 1);

    if (end == NULL)
        return unterminated (s, *pos, _ ("a single quote is not closed"), error);
    *pos = (gsize) (end - s->text) + 1;
    return TRUE;
}

/* From the quote of $'…'. */
gboolean
prc_shell_skip_ansi (const PrcShellSyntax *s, gsize *pos, GError **error)
{
    for (gsize i = *pos + 1; i < s->size; i++) {
        if (s->text[i] == '\\') {
            i++;
        } else if (s->text[i] == '\'') {
            *pos = i + 1;
            return TRUE;
        }
    }
    return unterminated (s, *pos, "$'", error);
}

gboolean
prc_shell_skip_backticks (const PrcShellSyntax *s, gsize *pos, GError **error)
{
    for (gsize i = *pos + 1; i < s->size; i++) {
        if (s->text[i] == '\\') {
            i++;
        } else if (s->text[i] == '`') {
            *pos = i + 1;
            return TRUE;
        }
    }
    return unterminated (s, *pos, _ ("a back quote is not closed"), error);
}

gboolean
prc_shell_skip_double (PrcShellSyntax *s, gsize *pos, GError **error)
{
    gsize i = *pos + 1;

    while (i < s->size) {
        switch (s->text[i]) {
        case '"':
            *pos = i + 1;
            return TRUE;
        case '\\':
            i += 2;
            break;
        case '$':
            if (!prc_shell_skip_dollar (s, &i, TRUE, error))
                return FALSE;
            break;
        case '`':
            if (!prc_shell_skip_backticks (s, &i, error))
                return FALSE;
            break;
        default:
            i++;
        }
    }
    return unterminated (s, *pos, _ ("a double quote is not closed"), error);
}

gboolean
prc_shell_skip_arith (PrcShellSyntax *s, gsize *pos)
{
    guint depth = 0;
    gsize i = *pos;

    while (i < s->size) {
        char c = s->text[i];

        if (c == '(') {
            depth++;
        } else if (c == ')') {
            if (--depth == 1) {
                if (char_at (s, i + 1) != ')')
                    return FALSE;
                *pos = i + 2;
                return TRUE;
            }
        } else if (c == '\\') {
            i++;
        } else if (c == '"' || c == '\'') {
            const char *end = memchr (s->text + i + 1, c, s->size - i - 1);

            if (end == NULL)
                return FALSE;
            i = (gsize) (end - s->text);
        }
        i++;
    }
    return FALSE;
}

static gboolean
skip_command (PrcShellSyntax *s, gsize *pos, GError **error)
{
    gpointer known = g_hash_table_lookup (s->subst_end, GSIZE_TO_POINTER (*pos));
    PrcShellToken token = s->token;
    gsize saved = s->pos, begin = *pos;

    if (known != NULL) {
        *pos = GPOINTER_TO_SIZE (known);
        return TRUE;
    }
    s->pos = *pos;
    if (!prc_shell_parse_nested (s, pos, error))
        return FALSE;
    g_hash_table_insert (s->subst_end, GSIZE_TO_POINTER (begin), GSIZE_TO_POINTER (*pos));
    s->pos = saved;
    s->token = token;
    return TRUE;
}

/* Behind "${"; whether a single quote quotes in there depends on what is done with the variable. */
static gboolean
skip_braced (PrcShellSyntax *s, gsize *pos, gboolean in_double, GError **error)
{
    gsize begin = *pos, i = *pos;
    gboolean quotes = !in_double;
    guint depth = 0;

    if (s->dialect == PRC_SHELL_ZSH && char_at (s, i) == '(') {
        while (i < s->size && s->text[i] != ')')
            i++;
    }
    if (char_at (s, i) == '#' || char_at (s, i) == '!')
        i++;
    while (i < s->size && (prc_shell_is_name_char (s->text[i])))
        i++;
    if (i < s->size && i > begin && strchr ("#%/^,@", s->text[i]) != NULL)
        quotes = TRUE;
    while (i < s->size) {
        switch (s->text[i]) {
        case '{':
            depth += s->dialect == PRC_SHELL_ZSH && !in_double;
            i++;
            break;
        case '}':
            *pos = ++i;
            if (depth-- == 0)
                return TRUE;
            break;
        case '\\':
            i += 2;
            break;
        case '\'':
            if (!quotes)
                i++;
            else if (!prc_shell_skip_single (s, &i, error))
                return FALSE;
            break;
        case '"':
            if (!prc_shell_skip_double (s, &i, error))
                return FALSE;
            break;
        case '`':
            if (!prc_shell_skip_backticks (s, &i, error))
                return FALSE;
            break;
        case '$':
            if (!prc_shell_skip_dollar (s, &i, in_double, error))
                return FALSE;
            break;
        default:
            i++;
        }
    }
    return unterminated (s, begin, "${", error);
}

static gboolean
too_deep (PrcShellSyntax *s, gsize at, GError **error)
{
    if (s->depth < 200)
        return FALSE;
    prc_set_error_at_line (error, prc_shell_line (s, at), _ ("nested more than 200 levels deep"));
    return TRUE;
}

/* `$[1 + 2]`, the old way to write arithmetic. */
static gboolean
skip_brackets (const PrcShellSyntax *s, gsize *pos, GError **error)
{
    guint depth = 0;

    for (gsize i = *pos; i < s->size; i++) {
        depth += s->text[i] == '[';
        depth -= s->text[i] == ']';
        if (depth == 0) {
            *pos = i + 1;
            return TRUE;
        }
    }
    return unterminated (s, *pos, "$[", error);
}

static gboolean
skip_enclosed (PrcShellSyntax *s, gsize *pos, gboolean in_double, GError **error)
{
    gsize i = *pos + 1;

    if (s->text[i] == '{') {
        i++;
        if (!skip_braced (s, &i, in_double, error))
            return FALSE;
    } else if (char_at (s, i + 1) != '(' || !prc_shell_skip_arith (s, &i)) {
        i++;
        if (!skip_command (s, &i, error))
            return FALSE;
    }
    *pos = i;
    return TRUE;
}

gboolean
prc_shell_skip_dollar (PrcShellSyntax *s, gsize *pos, gboolean in_double, GError **error)
{
    char next = char_at (s, *pos + 1);

    if (next == '{' || next == '(') {
        gboolean ok = FALSE;

        if (too_deep (s, *pos, error))
            return FALSE;
        s->depth++;
        ok = skip_enclosed (s, pos, in_double, error);
        s->depth--;
        return ok;
    }
    if (next == '\'' && !in_double && s->dialect != PRC_SHELL_SH) {
        (*pos)++;
        return prc_shell_skip_ansi (s, pos, error);
    }
    (*pos)++;
    if (next == '[' && s->dialect != PRC_SHELL_SH)
        return skip_brackets (s, pos, error);
    if (next == '#' || next == '$')
        (*pos)++;
    return TRUE;
}

gboolean
prc_shell_skip_piece (PrcShellSyntax *s, gsize *pos, GError **error)
{
    switch (s->text[*pos]) {
    case '\\':
        *pos = MIN (*pos + 2, s->size);
        return TRUE;
    case '\'':
        return prc_shell_skip_single (s, pos, error);
    case '"':
        return prc_shell_skip_double (s, pos, error);
    case '`':
        return prc_shell_skip_backticks (s, pos, error);
    case '$':
        return prc_shell_skip_dollar (s, pos, FALSE, error);
    default:
        (*pos)++;
        return TRUE;
    }
}

/* From the `(` of name=( … ) or of a glob; everything up to the `)` that closes it. */
static gboolean
skip_parentheses (PrcShellSyntax *s, gsize *pos, GError **error)
{
    guint depth = 0;
    gsize i = *pos;

    while (i < s->size) {
        char c = s->text[i];

        if (c == '#' && depth > 0 && g_ascii_isspace (s->text[i - 1])) {
            const char *end = memchr (s->text + i, '\n', s->size - i);

            i = end != NULL ? (gsize) (end - s->text) : s->size;
            continue;
        }
        depth += c == '(';
        depth -= c == ')';
        if (!prc_shell_skip_piece (s, &i, error))
            return FALSE;
        if (depth == 0) {
            *pos = i;
            return TRUE;
        }
    }
    return unterminated (s, *pos, "a parenthesis", error);
}

/* Does the `(` at @pos belong to the word that began at @begin? */
static gboolean
takes_parenthesis (const PrcShellSyntax *s, gsize begin, gsize pos)
{
    gsize next = pos + 1;

    while (pos >= begin + 2 && memcmp (s->text + pos - 2, "\\\n", 2) == 0)
        pos -= 2;
    if (s->dialect == PRC_SHELL_SH || pos == begin)
        return FALSE;
    if (s->text[pos - 1] == '=')
        return TRUE;
    if (s->dialect == PRC_SHELL_BASH)
        return strchr ("?*+@!", s->text[pos - 1]) != NULL;
    return char_at (s, next) != ')';
}

static gboolean
is_process_subst (const PrcShellSyntax *s, gsize pos)
{
    return s->dialect != PRC_SHELL_SH && (s->text[pos] == '<' || s->text[pos] == '>') &&
           char_at (s, pos + 1) == '(';
}

static gboolean
is_plain (char c)
{
    return g_ascii_isalnum (c) || (guchar) c >= 0x80 || c == '_' || c == '-' || c == '/' ||
           c == '.' || c == '=' || c == ':';
}

/* A line that goes on in the next one, where that has a blank or an operator: `then\`. */
static gboolean
ends_before_continuation (const PrcShellSyntax *s, gsize pos)
{
    while (char_at (s, pos) == '\\' && char_at (s, pos + 1) == '\n')
        pos += 2;
    return pos < s->size && strchr (" \t\n;&|)", s->text[pos]) != NULL;
}

/* zsh: `{ls}` : a brace that nothing in the word opens ends it, but for the value of a variable. */
static gboolean
is_own_brace (const PrcShellSyntax *s, gsize begin, gsize brace)
{
    gsize i = begin;

    while (i < brace && prc_shell_is_name_char (s->text[i]))
        i++;
    return s->dialect == PRC_SHELL_ZSH && brace > begin &&
           !(prc_shell_is_name_start (s->text[begin]) && s->text[i] == '=');
}

static gboolean
skip_word (PrcShellSyntax *s, gsize *pos, GError **error)
{
    gsize begin = *pos, i = *pos, brace = G_MAXSIZE;
    guint open = 0;

    while (i < s->size) {
        char c = s->text[i];

        if (c == '{') {
            open++;
        } else if (c == '}') {
            brace = open == 0 ? i : brace;
            open -= open > 0;
        }
        if (is_plain (c)) {
            i++;
        } else if (is_process_subst (s, i)) {
            i += 2;
            if (too_deep (s, i, error))
                return FALSE;
            s->depth++;
            if (!skip_command (s, &i, error))
                return FALSE;
            s->depth--;
        } else if (c == '(' && takes_parenthesis (s, begin, i)) {
            if (!skip_parentheses (s, &i, error))
                return FALSE;
        } else if (strchr (" \t\n;&|<>()", c) != NULL ||
                   (c == '\\' && i > begin && ends_before_continuation (s, i))) {
            break;
        } else if (!prc_shell_skip_piece (s, &i, error)) {
            return FALSE;
        }
    }
    i = MIN (i, s->size);
    *pos = brace + 1 == i && is_own_brace (s, begin, brace) ? brace : i;
    return TRUE;
}

gboolean
prc_shell_read_word (PrcShellSyntax *s, GError **error)
{
    gsize i = s->token.start;

    if (s->text[i] == '(' && !skip_parentheses (s, &i, error))
        return FALSE;
    if (!skip_word (s, &i, error))
        return FALSE;
    s->token = (PrcShellToken){ PRC_SHELL_TOKEN_WORD, s->token.start, i };
    s->pos = i;
    return TRUE;
}

/* Here-documents */

static void
here_clear (gpointer data)
{
    g_free (((PrcShellHere *) data)->delimiter);
}

void
prc_shell_here_new (PrcShellSyntax *s, gboolean strip_tabs, PrcShellSpan word)
{
    g_autoptr (GString) text = g_string_new (NULL);
    PrcShellHere here = { NULL, FALSE, strip_tabs };
    char quote = '\0';

    for (gsize i = word.start; i < word.end; i++) {
        char c = s->text[i];

        if (c == '\\' && quote != '\'' && i + 1 < word.end) {
            i++;
            if (s->text[i] == '\n')
                continue;
            here.quoted = TRUE;
            if (quote == '"' && strchr ("$`\"\\", s->text[i]) == NULL)
                g_string_append_c (text, '\\');
            g_string_append_c (text, s->text[i]);
        } else if (quote == '\0' ? c == '\'' || c == '"' : c == quote) {
            here.quoted = TRUE;
            quote = quote == '\0' ? c : '\0';
        } else if (c == '$' && quote == '\0' && i + 1 < word.end &&
                   (s->text[i + 1] == '\'' || s->text[i + 1] == '"') &&
                   s->dialect == PRC_SHELL_BASH) {
            here.quoted = TRUE;
        } else {
            g_string_append_c (text, c);
        }
    }
    here.delimiter = g_string_free (g_steal_pointer (&text), FALSE);
    if (s->here == NULL) {
        s->here = g_array_new (FALSE, FALSE, sizeof (PrcShellHere));
        g_array_set_clear_func (s->here, here_clear);
    }
    g_array_append_val (s->here, here);
}

static gboolean
ends_in_continuation (const char *line, gsize length)
{
    gsize n = 0;

    while (n < length && line[length - 1 - n] == '\\')
        n++;
    return n % 2 == 1;
}

static void
read_here (PrcShellSyntax *s, const PrcShellHere *here)
{
    gboolean continued = FALSE;
    gsize length = strlen (here->delimiter);

    while (s->pos < s->size) {
        const char *line = s->text + s->pos;
        const char *newline = memchr (line, '\n', s->size - s->pos);
        gsize n = newline != NULL ? (gsize) (newline - line) : s->size - s->pos;
        gsize skip = 0;

        s->pos += n + (newline != NULL);
        while (here->strip_tabs && skip < n && line[skip] == '\t')
            skip++;
        if (!continued && n - skip == length && memcmp (line + skip, here->delimiter, length) == 0)
            return;
        continued = !here->quoted && ends_in_continuation (line, n);
    }
    s->open_here = TRUE;
}

static void
read_pending_here (PrcShellSyntax *s)
{
    for (guint i = 0; s->here != NULL && i < s->here->len; i++)
        read_here (s, &g_array_index (s->here, PrcShellHere, i));
    if (s->here != NULL)
        g_array_set_size (s->here, 0);
}

/* Tokens */

static void
skip_blanks (PrcShellSyntax *s)
{
    for (;;) {
        char c = char_at (s, s->pos);

        if (s->pos < s->size && (c == ' ' || c == '\t'))
            s->pos++;
        else if (c == '\\' && char_at (s, s->pos + 1) == '\n')
            s->pos += 2;
        else
            break;
    }
    if (char_at (s, s->pos) == '#') {
        const char *end = memchr (s->text + s->pos, '\n', s->size - s->pos);

        s->pos = end != NULL ? (gsize) (end - s->text) : s->size;
    }
}

/* Longest first. */
static const struct {
    const char *text;
    PrcShellTokenKind kind;
    gboolean in_sh;
    gboolean zsh_only;
} operators[] = {
    { ";;&", PRC_SHELL_TOKEN_OPERATOR, FALSE, FALSE },
    { "&>>", PRC_SHELL_TOKEN_REDIRECT, FALSE, FALSE },
    { "<<<", PRC_SHELL_TOKEN_REDIRECT, FALSE, FALSE },
    { "<<-", PRC_SHELL_TOKEN_REDIRECT, TRUE, FALSE },
    { ">>|", PRC_SHELL_TOKEN_REDIRECT, FALSE, TRUE },
    { ">>!", PRC_SHELL_TOKEN_REDIRECT, FALSE, TRUE },
    { ">>&", PRC_SHELL_TOKEN_REDIRECT, FALSE, TRUE },
    { ";;", PRC_SHELL_TOKEN_OPERATOR, TRUE, FALSE },
    { ";&", PRC_SHELL_TOKEN_OPERATOR, FALSE, FALSE },
    { ";|", PRC_SHELL_TOKEN_OPERATOR, FALSE, TRUE },
    { "&&", PRC_SHELL_TOKEN_OPERATOR, TRUE, FALSE },
    { "||", PRC_SHELL_TOKEN_OPERATOR, TRUE, FALSE },
    { "|&", PRC_SHELL_TOKEN_OPERATOR, FALSE, FALSE },
    { "&!", PRC_SHELL_TOKEN_OPERATOR, FALSE, TRUE },
    { "&|", PRC_SHELL_TOKEN_OPERATOR, FALSE, TRUE },
    { "&>", PRC_SHELL_TOKEN_REDIRECT, FALSE, FALSE },
    { "<<", PRC_SHELL_TOKEN_REDIRECT, TRUE, FALSE },
    { ">>", PRC_SHELL_TOKEN_REDIRECT, TRUE, FALSE },
    { "<&", PRC_SHELL_TOKEN_REDIRECT, TRUE, FALSE },
    { ">&", PRC_SHELL_TOKEN_REDIRECT, TRUE, FALSE },
    { "<>", PRC_SHELL_TOKEN_REDIRECT, TRUE, FALSE },
    { ">|", PRC_SHELL_TOKEN_REDIRECT, TRUE, FALSE },
    { ">!", PRC_SHELL_TOKEN_REDIRECT, FALSE, TRUE },
    { ";", PRC_SHELL_TOKEN_OPERATOR, TRUE, FALSE },
    { "&", PRC_SHELL_TOKEN_OPERATOR, TRUE, FALSE },
    { "|", PRC_SHELL_TOKEN_OPERATOR, TRUE, FALSE },
    { "(", PRC_SHELL_TOKEN_OPERATOR, TRUE, FALSE },
    { ")", PRC_SHELL_TOKEN_OPERATOR, TRUE, FALSE },
    { "<", PRC_SHELL_TOKEN_REDIRECT, TRUE, FALSE },
    { ">", PRC_SHELL_TOKEN_REDIRECT, TRUE, FALSE },
};

static gboolean
read_operator (PrcShellSyntax *s)
{
    if (strchr (";&|()<>", s->text[s->pos]) == NULL)
        return FALSE;
    for (guint i = 0; i < G_N_ELEMENTS (operators); i++) {
        gsize n = strlen (operators[i].text);

        if ((!operators[i].in_sh && s->dialect == PRC_SHELL_SH) ||
            (operators[i].zsh_only && s->dialect != PRC_SHELL_ZSH) || s->size - s->pos < n ||
            memcmp (s->text + s->pos, operators[i].text, n) != 0)
            continue;
        s->token = (PrcShellToken){ operators[i].kind, s->pos, s->pos + n };
        s->pos += n;
        return TRUE;
    }
    return FALSE;
}

/* `2>` and, in bash and zsh, `{fd}>`. */
static gboolean
read_descriptor (PrcShellSyntax *s)
{
    gsize i = s->pos, begin = 0;

    if (s->dialect != PRC_SHELL_SH && char_at (s, i) == '{') {
        i++;
        while (prc_shell_is_name_char (char_at (s, i)))
            i++;
        if (i == s->pos + 1 || char_at (s, i++) != '}')
            return FALSE;
    } else {
        while (g_ascii_isdigit (char_at (s, i)))
            i++;
    }
    if (i == s->pos || (char_at (s, i) != '<' && char_at (s, i) != '>'))
        return FALSE;
    begin = s->pos;
    s->pos = i;
    if (!read_operator (s))
        return FALSE;
    s->token.start = begin;
    return TRUE;
}

gboolean
prc_shell_next (PrcShellSyntax *s, GError **error)
{
    skip_blanks (s);
    s->token = (PrcShellToken){ PRC_SHELL_TOKEN_EOF, s->pos, s->pos };
    if (s->pos >= s->size) {
        /* A here-document without any line: the shells take it for an empty one. */
        if (s->here != NULL && s->here->len > 0) {
            g_array_set_size (s->here, 0);
            s->open_here = TRUE;
        }
        return TRUE;
    }
    if (s->text[s->pos] == '\n') {
        s->token = (PrcShellToken){ PRC_SHELL_TOKEN_NEWLINE, s->pos, s->pos + 1 };
        s->pos++;
        read_pending_here (s);
        return TRUE;
    }
    if ((!is_process_subst (s, s->pos) && read_operator (s)) || read_descriptor (s))
        return TRUE;
    if (!skip_word (s, &s->pos, error))
        return FALSE;
    s->token = (PrcShellToken){ PRC_SHELL_TOKEN_WORD, s->token.start, s->pos };
    return TRUE;
}

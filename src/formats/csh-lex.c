#include "formats/csh-lex.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"

typedef struct {
    const char *data;
    gsize size, at;
    guint line;
    GError **error;
} Lexer;

static char
peek (const Lexer *lexer, gsize ahead)
{
    return lexer->at + ahead < lexer->size ? lexer->data[lexer->at + ahead] : '\0';
}

static gboolean
fail (Lexer *lexer, guint line, const char *what)
{
    prc_set_error_at_line (lexer->error, line, "%s", what);
    return FALSE;
}

/* Steps over one byte, or two when a '\' takes the special meaning from the second. */
static gboolean
step (Lexer *lexer, gboolean in_quotes)
{
    char c = lexer->data[lexer->at], next = peek (lexer, 1);

    if (c == '!' && next != '\0' && strchr (" \t\n=~(", next) == NULL)
        return fail (lexer, lexer->line, _ ("a '!' that csh replaces from its history: write \\!"));
    if (c == '\\' && lexer->at + 1 < lexer->size && (!in_quotes || next == '!' || next == '\n')) {
        lexer->line += next == '\n';
        lexer->at += 2;
        return TRUE;
    }
    lexer->line += c == '\n';
    lexer->at++;
    return TRUE;
}

static gboolean
lex_quoted (Lexer *lexer)
{
    char quote = lexer->data[lexer->at++];
    guint line = lexer->line;

    while (lexer->at < lexer->size && lexer->data[lexer->at] != quote) {
        if (lexer->data[lexer->at] == '\n')
            break;
        if (!step (lexer, TRUE))
            return FALSE;
    }
    if (lexer->at >= lexer->size || lexer->data[lexer->at] != quote)
        return fail (lexer, line, _ ("a quote that is not closed on its line"));
    lexer->at++;
    return TRUE;
}

static gboolean
ends_word (char c)
{
    return strchr (" \t\n;&|<>()#", c) != NULL;
}

static gboolean
looks_at (const Lexer *lexer, const char *text)
{
    gsize length = strlen (text);

    return lexer->size - lexer->at >= length && memcmp (lexer->data + lexer->at, text, length) == 0;
}

static gboolean
lex_word (Lexer *lexer, PrcCshToken *token)
{
    token->kind = PRC_CSH_WORD;
    while (lexer->at < lexer->size && !ends_word (lexer->data[lexer->at])) {
        char c = lexer->data[lexer->at];

        if (c == '\\' && peek (lexer, 1) == '\n')
            break;
        if (c == '$')
            lexer->at += peek (lexer, 1) == '#' ? 1 : looks_at (lexer, "${#") ? 2 : 0;
        if (c == '"' || c == '\'' || c == '`' ? !lex_quoted (lexer) : !step (lexer, FALSE))
            return FALSE;
    }
    token->end = lexer->at;
    return TRUE;
}

static void
skip_blank (Lexer *lexer)
{
    while (lexer->at < lexer->size) {
        char c = lexer->data[lexer->at];

        if (c == '\\' && peek (lexer, 1) == '\n') {
            lexer->at += 2;
            lexer->line++;
        } else if (c == '#') {
            while (lexer->at < lexer->size && lexer->data[lexer->at] != '\n')
                lexer->at += 1 + (lexer->data[lexer->at] == '\\' && peek (lexer, 1) != '\0' &&
                                  peek (lexer, 1) != '\n');
        } else if (c == ' ' || c == '\t') {
            lexer->at++;
        } else {
            return;
        }
    }
    lexer->at = MIN (lexer->at, lexer->size);
}

static void
lex_operator (Lexer *lexer, PrcCshToken *token)
{
    char c = lexer->data[lexer->at];
    gboolean doubled = peek (lexer, 1) == c;
    gsize length = 1;

    switch (c) {
    case '\n':
        token->kind = PRC_CSH_NEWLINE;
        lexer->line++;
        break;
    case ';':
        token->kind = PRC_CSH_SEMICOLON;
        break;
    case '(':
        token->kind = PRC_CSH_OPEN;
        break;
    case ')':
        token->kind = PRC_CSH_CLOSE;
        break;
    case '&':
    case '|':
        token->kind = c == '&' ? (doubled ? PRC_CSH_AND : PRC_CSH_AMP)
                               : (doubled ? PRC_CSH_OR : PRC_CSH_PIPE);
        length = doubled || peek (lexer, 1) == '&' ? 2 : 1;
        break;
    default:
        token->kind = PRC_CSH_REDIRECT;
        length = doubled ? 2 : 1;
        while (peek (lexer, length) == '&' || peek (lexer, length) == '!')
            length++;
        break;
    }
    lexer->at += length;
    token->end = lexer->at;
}

gboolean
prc_csh_lex_line (const char *data, gsize size, gsize *at, guint *line, GArray *tokens,
                  GError **error)
{
    Lexer lexer = { data, size, *at, *line, error };

    g_array_set_size (tokens, 0);
    for (;;) {
        PrcCshToken token = { 0 };

        skip_blank (&lexer);
        token.start = token.end = lexer.at;
        token.line = lexer.line;
        if (lexer.at >= size)
            token.kind = PRC_CSH_NEWLINE;
        else if (ends_word (data[lexer.at]))
            lex_operator (&lexer, &token);
        else if (!lex_word (&lexer, &token))
            return FALSE;
        g_array_append_val (tokens, token);
        if (token.kind == PRC_CSH_NEWLINE)
            break;
    }
    *at = lexer.at;
    *line = lexer.line;
    return TRUE;
}

/* Values */

typedef struct {
    const char *p, *end;
    GString *out;
    const char *(*lookup) (const char *name, gpointer user);
    gpointer user;
} Reader;

static gboolean
is_plain (const char *value)
{
    return strpbrk (value, " \t\n*?[]{}~") == NULL;
}

/* At a '$'. In quotes a value stands as it is; outside, blanks and globs in it would count. */
static gboolean
read_variable (Reader *reader, gboolean quoted)
{
    const char *p = reader->p + 1, *name, *value;
    gboolean braced = p < reader->end && *p == '{';
    g_autofree char *copy = NULL;

    name = p += braced;
    while (p < reader->end && (g_ascii_isalnum (*p) || *p == '_'))
        p++;
    if (p == name || g_ascii_isdigit (*name) || (braced && (p >= reader->end || *p != '}')))
        return FALSE;
    copy = g_strndup (name, (gsize) (p - name));
    p += braced;
    if (p < reader->end && (*p == ':' || *p == '['))
        return FALSE;
    value = reader->lookup != NULL ? reader->lookup (copy, reader->user) : NULL;
    if (value == NULL || (!quoted && (*value == '\0' || !is_plain (value))))
        return FALSE;
    g_string_append (reader->out, value);
    reader->p = p;
    return TRUE;
}

/* At a quote. */
static gboolean
read_quoted (Reader *reader)
{
    char quote = *reader->p++;

    while (*reader->p != quote) {
        if (*reader->p == '\\' && (reader->p[1] == '!' || reader->p[1] == '\n')) {
            g_string_append_c (reader->out, reader->p[1]);
            reader->p += 2;
        } else if (quote == '"' && *reader->p == '`') {
            return FALSE;
        } else if (quote == '"' && *reader->p == '$') {
            if (!read_variable (reader, TRUE))
                return FALSE;
        } else {
            g_string_append_c (reader->out, *reader->p++);
        }
    }
    reader->p++;
    return TRUE;
}

char *
prc_csh_word_value (const char *data, const PrcCshToken *word,
                    const char *(*lookup) (const char *name, gpointer user), gpointer user)
{
    g_autoptr (PrcWipedText) out = prc_wiped_text_new (word->end - word->start + 512);
    Reader reader = { data + word->start, data + word->end, out, lookup, user };

    if (word->end > word->start && strchr ("~=", *reader.p) != NULL)
        return NULL;
    while (reader.p < reader.end) {
        char c = *reader.p;
        gboolean known = TRUE;

        if (c == '\\' && reader.p + 1 < reader.end) {
            g_string_append_c (out, reader.p[1]);
            reader.p += 2;
        } else if (c == '"' || c == '\'') {
            known = read_quoted (&reader);
        } else if (c == '$') {
            known = read_variable (&reader, FALSE);
        } else if (strchr ("`*?[]{}", c) != NULL) {
            known = FALSE;
        } else {
            g_string_append_c (out, c);
            reader.p++;
        }
        if (!known)
            return NULL;
    }
    return prc_wiped_text_steal (&out);
}

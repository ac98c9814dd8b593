#include "formats/fish-lex.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"

#define NESTING_MAX 64

typedef struct {
    const char *data;
    gsize size, at;
    guint line;
    GError **error;
} Lexer;

static gboolean
is_name_char (char c)
{
    return g_ascii_isalnum (c) || c == '_';
}

static gboolean
ends_word (char c)
{
    return strchr (" \t\r\n;&|<>", c) != NULL;
}

static gboolean
fail (Lexer *lexer, guint line, const char *what)
{
    prc_set_error_at_line (lexer->error, line, "%s", what);
    return FALSE;
}

static void
step (Lexer *lexer)
{
    lexer->line += lexer->data[lexer->at] == '\n';
    lexer->at++;
}

static char
peek (const Lexer *lexer, gsize ahead)
{
    return lexer->at + ahead < lexer->size ? lexer->data[lexer->at + ahead] : '\0';
}

static gboolean
check_dollar (Lexer *lexer)
{
    char next = peek (lexer, 1);

    if (is_name_char (next) || next == '$' || next == '(' || (guchar) next >= 0x80)
        return TRUE;
    return fail (lexer, lexer->line, _ ("a '$' needs the name of a variable behind it"));
}

static gboolean skip_parens (Lexer *lexer, guint depth);

/* At a quote; to behind its end. */
static gboolean
skip_quoted (Lexer *lexer, guint depth)
{
    char quote = lexer->data[lexer->at];
    guint line = lexer->line;

    step (lexer);
    while (lexer->at < lexer->size && lexer->data[lexer->at] != quote) {
        char c = lexer->data[lexer->at];

        if (c == '\\' && lexer->at + 1 < lexer->size) {
            step (lexer);
        } else if (quote == '"' && c == '$') {
            if (!check_dollar (lexer))
                return FALSE;
            if (peek (lexer, 1) == '(') {
                lexer->at++;
                if (!skip_parens (lexer, depth + 1))
                    return FALSE;
                continue;
            }
        }
        step (lexer);
    }
    if (lexer->at >= lexer->size)
        return fail (lexer, line, _ ("a quote that is never closed"));
    step (lexer);
    return TRUE;
}

/* At a '('; to behind its ')'. */
static gboolean
skip_parens (Lexer *lexer, guint depth)
{
    guint line = lexer->line;
    gboolean at_word = TRUE;

    if (depth > NESTING_MAX)
        return fail (lexer, line, _ ("nested too deeply"));
    step (lexer);
    while (lexer->at < lexer->size && lexer->data[lexer->at] != ')') {
        char c = lexer->data[lexer->at];
        gboolean starts_word = at_word;

        at_word = ends_word (c) || c == '(';
        if (c == '"' || c == '\'') {
            if (!skip_quoted (lexer, depth))
                return FALSE;
            continue;
        }
        if (c == '(') {
            if (!skip_parens (lexer, depth + 1))
                return FALSE;
            continue;
        }
        if (c == '#' && starts_word) {
            while (lexer->at < lexer->size && lexer->data[lexer->at] != '\n')
                lexer->at++;
            continue;
        }
        if (c == '\\' && lexer->at + 1 < lexer->size)
            step (lexer);
        step (lexer);
    }
    if (lexer->at >= lexer->size)
        return fail (lexer, line, _ ("a '(' that is never closed"));
    step (lexer);
    return TRUE;
}

static gboolean
lex_word (Lexer *lexer, PrcFishToken *token)
{
    /* fish 4 has blocks that begin with `{ `. */
    gboolean may_be_block = peek (lexer, 0) == '{' && ends_word (peek (lexer, 1));
    guint braces = 0, line = lexer->line;

    token->kind = PRC_FISH_WORD;
    token->bare = TRUE;
    while (lexer->at < lexer->size && (braces > 0 || !ends_word (lexer->data[lexer->at]))) {
        char c = lexer->data[lexer->at];

        token->bare = token->bare && strchr ("\"'\\$()", c) == NULL;
        if (c == '}' && braces == 0 && token->start < lexer->at)
            return fail (lexer, lexer->line, _ ("a '}' without its '{'"));
        braces += c == '{' && !may_be_block;
        braces -= c == '}' && braces > 0;
        if (c == '"' || c == '\'') {
            if (!skip_quoted (lexer, 0))
                return FALSE;
        } else if (c == '(') {
            if (!skip_parens (lexer, 0))
                return FALSE;
        } else if (c == ')') {
            return fail (lexer, lexer->line, _ ("a ')' without its '('"));
        } else if (c == '$' && !check_dollar (lexer)) {
            return FALSE;
        } else {
            if (c == '\\' && lexer->at + 1 < lexer->size)
                step (lexer);
            step (lexer);
        }
    }
    if (braces > 0)
        return fail (lexer, line, _ ("a '{' that is never closed"));
    token->end = lexer->at;
    return TRUE;
}

/* Blanks, continued lines and comments; one behind a continuation does not end the line. */
static void
skip_blank (Lexer *lexer)
{
    gboolean continued = FALSE;

    while (lexer->at < lexer->size) {
        char c = lexer->data[lexer->at];

        if (c == '\\' && peek (lexer, 1) == '\n') {
            lexer->at++;
            step (lexer);
            continued = TRUE;
        } else if (c == '#') {
            while (lexer->at < lexer->size && lexer->data[lexer->at] != '\n')
                lexer->at++;
            if (continued && lexer->at < lexer->size)
                step (lexer);
        } else if (c == ' ' || c == '\t' || c == '\r') {
            lexer->at++;
        } else {
            return;
        }
    }
}

/* Also `2>|`, which is a pipe. */
static gboolean
is_redirect (const Lexer *lexer, PrcFishKind *ret_kind, gsize *ret_length)
{
    gsize n = 0;

    while (g_ascii_isdigit (peek (lexer, n)))
        n++;
    if (n == 0 && peek (lexer, 0) == '&' && peek (lexer, 1) == '>')
        n = 1;
    if (peek (lexer, n) != '<' && peek (lexer, n) != '>')
        return FALSE;
    n++;
    *ret_kind =
        peek (lexer, n - 1) == '>' && peek (lexer, n) == '|' ? PRC_FISH_PIPE : PRC_FISH_REDIRECT;
    while (peek (lexer, n) == '>' || peek (lexer, n) == '&' || peek (lexer, n) == '?' ||
           peek (lexer, n) == '|')
        n++;
    *ret_length = n;
    return TRUE;
}

static void
lex_operator (Lexer *lexer, PrcFishToken *token)
{
    char c = lexer->data[lexer->at];
    gsize length = 1;

    if (c == '\n' || c == ';') {
        token->kind = PRC_FISH_END;
    } else if ((c == '&' || c == '|') && peek (lexer, 1) == c) {
        token->kind = PRC_FISH_JOIN;
        length = 2;
    } else if (c == '|') {
        token->kind = PRC_FISH_PIPE;
    } else {
        token->kind = PRC_FISH_AMP;
        length = peek (lexer, 1) == '|' ? 2 : 1;
        if (length == 2)
            token->kind = PRC_FISH_PIPE;
    }
    while (length-- > 0)
        step (lexer);
    token->end = lexer->at;
}

GArray *
prc_fish_lex (const char *data, gsize size, GError **error)
{
    g_autoptr (GArray) tokens = g_array_new (FALSE, TRUE, sizeof (PrcFishToken));
    Lexer lexer = { data, size, 0, 1, error };

    if (size >= 3 && memcmp (data, "\xEF\xBB\xBF", 3) == 0)
        lexer.at = 3;
    for (;;) {
        PrcFishToken token = { 0 };
        gsize length = 0;

        skip_blank (&lexer);
        token.start = token.end = lexer.at;
        token.line = lexer.line;
        if (lexer.at >= size) {
            token.kind = PRC_FISH_EOF;
        } else if (is_redirect (&lexer, &token.kind, &length)) {
            lexer.at += length;
            token.end = lexer.at;
        } else if (strchr ("\n;&|", data[lexer.at]) != NULL) {
            lex_operator (&lexer, &token);
        } else if (!lex_word (&lexer, &token)) {
            return NULL;
        }
        g_array_append_val (tokens, token);
        if (token.kind == PRC_FISH_EOF)
            return g_steal_pointer (&tokens);
    }
}

/* Values */

typedef struct {
    const char *p, *end;
    GString *out;
    const char *(*lookup) (const char *name, gpointer user);
    gpointer user;
} Reader;

/* At a '$'. */
static gboolean
read_variable (Reader *reader)
{
    const char *name = reader->p + 1, *p = name, *value = NULL;
    g_autofree char *copy = NULL;

    while (p < reader->end && is_name_char (*p))
        p++;
    if (p == name || (p < reader->end && (*p == '[' || *p == '(' || (guchar) *p >= 0x80)))
        return FALSE;
    copy = g_strndup (name, (gsize) (p - name));
    value = reader->lookup != NULL ? reader->lookup (copy, reader->user) : NULL;
    if (value == NULL)
        return FALSE;
    g_string_append (reader->out, value);
    reader->p = p;
    return TRUE;
}

/* At the byte behind a '\' outside quotes. */
static gboolean
read_escape (Reader *reader)
{
    static const char names[] = "abefnrtv", means[] = "\a\b\033\f\n\r\t\v";
    char c = *reader->p;
    const char *found = strchr (names, c);

    if (c == '\n') {
        reader->p++;
        return TRUE;
    }
    if (found == NULL && g_ascii_isalnum (c))
        return FALSE; /* \xHH, \uHHHH, octal: nobody writes a setting so */
    g_string_append_c (reader->out, found != NULL ? means[found - names] : c);
    reader->p++;
    return TRUE;
}

/* At a quote. */
static gboolean
read_quoted (Reader *reader)
{
    char quote = *reader->p++;

    while (*reader->p != quote) {
        char next = reader->p[1];

        if (*reader->p == '\\' &&
            (next == quote || next == '\\' || (quote == '"' && (next == '$' || next == '\n')))) {
            if (next != '\n')
                g_string_append_c (reader->out, next);
            reader->p += 2;
        } else if (*reader->p == '$' && quote == '"') {
            if (!read_variable (reader))
                return FALSE;
        } else {
            g_string_append_c (reader->out, *reader->p++);
        }
    }
    reader->p++;
    return TRUE;
}

char *
prc_fish_word_value (const char *data, const PrcFishToken *word,
                     const char *(*lookup) (const char *name, gpointer user), gpointer user)
{
    g_autoptr (PrcWipedText) out = prc_wiped_text_new (word->end - word->start + 512);
    Reader reader = { data + word->start, data + word->end, out, lookup, user };

    if (*reader.p == '~' || *reader.p == '%')
        return NULL;
    while (reader.p < reader.end) {
        char c = *reader.p;
        gboolean known = TRUE;

        if (c == '\\' && reader.p + 1 < reader.end) {
            reader.p++;
            known = read_escape (&reader);
        } else if (c == '"' || c == '\'') {
            known = read_quoted (&reader);
        } else if (c == '$') {
            known = read_variable (&reader);
        } else if (strchr ("(){}*?", c) != NULL) {
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

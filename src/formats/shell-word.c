#include "formats/shell-word.h"

#include <string.h>

#include "base/i18n.h"

/* What variables may add up to: `a=$a$a`, thirty times, is a gigabyte. */
#define VALUE_MAX 16384u

typedef struct {
    PrcShellExpander *x;
    const char *text;
    PrcShellDialect dialect;
    PrcShellWordMode mode;
    GString *out;
    gsize start, end; /* of the word */
    guint depth;
    gboolean failed;
    gsize known; /* how much of @out there was at the last failure */
} Expansion;

static gboolean
give_up (Expansion *e, char *why)
{
    /* The first reason counts. */
    if (e->failed) {
        g_free (why);
    } else {
        g_free (e->x->why);
        e->x->why = why;
    }
    e->failed = TRUE;
    e->known = e->out->len;
    return FALSE;
}

static gboolean expand_range (Expansion *e, gsize start, gsize end, gboolean in_double);

/* What an unquoted expansion may turn into, were it split into fields. */
static gboolean
survives_splitting (const Expansion *e, const char *value)
{
    if (e->mode == PRC_SHELL_WORD_VALUE ||
        (e->mode == PRC_SHELL_WORD_EXPORT && e->dialect != PRC_SHELL_SH))
        return TRUE;
    return (*value != '\0' || e->mode == PRC_SHELL_WORD_EXPORT) &&
           strpbrk (value, " \t\n*?[\\~") == NULL;
}

static gboolean
append_value (Expansion *e, const char *value, gboolean in_double)
{
    if (!in_double && !survives_splitting (e, value))
        return give_up (e,
                        g_strdup (_ ("an unquoted variable that may be split into several words")));
    if (e->out->len + strlen (value) > VALUE_MAX)
        /* Translators: why the value of a shell variable is not known */
        return give_up (e, g_strdup (_ ("a value that is too long")));
    g_string_append (e->out, value);
    return TRUE;
}

static gboolean
append_variable (Expansion *e, const char *name, gsize at, gboolean in_double)
{
    const char *value = NULL;
    PrcShellKnowledge known = e->x->lookup (e->x->data, name, TRUE, &value);

    if (known == PRC_SHELL_UNKNOWN) {
        gsize lead = e->text[e->start] == '"' ? 1 : 0;

        if (e->mode == PRC_SHELL_WORD_PATH && at == e->start + lead && strcmp (name, "HOME") == 0) {
            g_string_append (e->out, "$HOME");
            return TRUE;
        }
        return give_up (e, g_strdup_printf (_ ("$%s is not known from this file"), name));
    }
    return append_value (e, known == PRC_SHELL_KNOWN ? value : "", in_double);
}

/* A word behind an operator in ${…}: the quotes in it are read differently by the shells when it
 * stands in double quotes, so only what they agree on is taken. */
static gboolean
expand_default (Expansion *e, gsize start, gsize end, gboolean in_double)
{
    if (e->depth > 50)
        /* Translators: why the value of a shell variable is not known */
        return give_up (e, g_strdup (_ ("nested too deep")));
    if (in_double)
        for (gsize i = start; i < end; i++)
            if (strchr ("\"\\'", e->text[i]) != NULL)
                /* Translators: why the value of a shell variable is not known */
                return give_up (e, g_strdup (_ ("quotes within ${…}")));
    if (start < end && e->text[start] == '~')
        /* Translators: why the value of a shell variable is not known */
        return give_up (e, g_strdup (_ ("a home directory")));
    for (gsize i = start; i < end && !in_double; i++)
        if (strchr (" \t\n*?[~{", e->text[i]) != NULL && e->mode != PRC_SHELL_WORD_VALUE)
            return give_up (e, g_strdup (_ ("a default that may be split into several words")));
    e->depth++;
    if (!expand_range (e, start, end, in_double))
        return FALSE;
    e->depth--;
    return TRUE;
}

/* Operators that only other shells have end the file: ${x//a/b} in dash, ${x^^} in zsh. */
static void
fail_if_unknown_operator (Expansion *e, gsize op)
{
    char c = e->text[op];

    if (e->dialect == PRC_SHELL_SH && c != '%' && c != '#')
        e->x->fail (e->x->data, FALSE, op);
    else if (e->dialect == PRC_SHELL_ZSH && strchr ("^,@", c) != NULL)
        e->x->fail (e->x->data, FALSE, op);
}

/* ${name OP word}, with OP at @op and the closing brace at @close. */
static gboolean
expand_operator (Expansion *e, const char *name, PrcShellSpan name_at, gsize op, gsize close,
                 gboolean in_double)
{
    gboolean colon = e->text[op] == ':';
    gsize word = op + 1 + colon;
    char c = e->text[op + colon];
    const char *value = NULL;
    PrcShellKnowledge known = PRC_SHELL_UNKNOWN;
    gboolean missing = FALSE;

    if (op + colon >= close || strchr ("-+=?", c) == NULL) {
        fail_if_unknown_operator (e, op);
        return give_up (e, g_strdup_printf (_ ("${%s…} is computed"), name));
    }
    known = e->x->lookup (e->x->data, name, FALSE, &value);
    missing = known == PRC_SHELL_UNSET || (known == PRC_SHELL_KNOWN && colon && *value == '\0');
    if (known == PRC_SHELL_UNKNOWN) {
        if (c == '=')
            e->x->assign (e->x->data, name, name_at, (PrcShellSpan){ word, close }, colon,
                          in_double);
        else if (c == '?')
            e->x->fail (e->x->data, FALSE, name_at.start);
        return give_up (e, g_strdup_printf (_ ("$%s is not known from this file"), name));
    }
    if (c == '+')
        return missing || expand_default (e, word, close, in_double);
    if (!missing && c == '=')
        e->x->assign (e->x->data, name, name_at, (PrcShellSpan){ word, close }, colon, in_double);
    if (!missing)
        return append_value (e, known == PRC_SHELL_KNOWN ? value : "", in_double);
    if (c == '?') {
        e->x->fail (e->x->data, TRUE, name_at.start);
        return give_up (e, g_strdup_printf (_ ("$%s is not set"), name));
    }
    if (c == '=')
        e->x->assign (e->x->data, name, name_at, (PrcShellSpan){ word, close }, colon, in_double);
    return expand_default (e, word, close, in_double);
}

static gboolean
expand_braced (Expansion *e, gsize *pos, gboolean in_double)
{
    gsize dollar = *pos, name_end = 0;
    g_autofree char *name = NULL;

    if (!prc_shell_skip_dollar (e->x->syntax, pos, in_double, NULL))
        return give_up (e, g_strdup (_ ("${…} is not closed")));
    name_end = dollar + 2;
    if (!prc_shell_is_name_start (e->text[name_end])) {
        /* A bad substitution ends the file. */
        if (!g_ascii_isdigit (e->text[name_end]) &&
            strchr ("@*#?-$!(=^~+:", e->text[name_end]) == NULL)
            e->x->fail (e->x->data, FALSE, dollar);
        return give_up (e, g_strdup (_ ("${…} is computed")));
    }
    while (prc_shell_is_name_char (e->text[name_end]))
        name_end++;
    name = g_strndup (e->text + dollar + 2, name_end - dollar - 2);
    if (e->text[name_end] == '}')
        return append_variable (e, name, dollar, in_double);
    return expand_operator (e, name, (PrcShellSpan){ dollar + 2, name_end }, name_end, *pos - 1,
                            in_double);
}

static int
digit_of (char c, int base)
{
    int value = g_ascii_xdigit_value (c);

    return value < base ? value : -1;
}

/* $'…': the escapes on which bash and zsh agree. @pos is at the first quote. */
static gboolean
expand_ansi (Expansion *e, gsize *pos)
{
    static const char from[] = "abefnrtvE\\'\"?", to[] = "\a\b\033\f\n\r\t\v\033\\'\"?";
    gsize i = *pos + 1;

    while (e->text[i] != '\'') {
        const char *known = NULL;
        char c = e->text[i++];

        if (c != '\\') {
            g_string_append_c (e->out, c);
            continue;
        }
        c = e->text[i++];
        known = strchr (from, c);
        if (known != NULL && (c != '?' || e->dialect == PRC_SHELL_BASH)) {
            g_string_append_c (e->out, to[known - from]);
        } else if (c == 'x' || (c >= '0' && c <= '7')) {
            int base = c == 'x' ? 16 : 8, code = 0, n = 0, most = c == 'x' ? 2 : 3;

            if (c != 'x')
                i--;
            while (n < most && digit_of (e->text[i], base) >= 0) {
                code = code * base + digit_of (e->text[i++], base);
                n++;
            }
            if (n == 0 || (code & 0xFF) == 0)
                return give_up (
                    e, g_strdup (_ ("an escape in $'…' that the shells read differently")));
            g_string_append_c (e->out, (char) code);
        } else {
            return give_up (e, g_strdup (_ ("an escape in $'…' that the shells read differently")));
        }
    }
    *pos = i + 1;
    return TRUE;
}

/* zsh reads $name[…] as a subscript, $name:h as a modifier, and other letters than ASCII's as a
 * part of the name. */
static gboolean
is_zsh_modified (const Expansion *e, gsize end)
{
    if (e->dialect != PRC_SHELL_ZSH || end >= e->x->syntax->size)
        return FALSE;
    return e->text[end] == '[' || (guchar) e->text[end] >= 0x80 ||
           (e->text[end] == ':' && end + 1 < e->x->syntax->size &&
            (g_ascii_isalpha (e->text[end + 1]) || e->text[end + 1] == '&'));
}

static gsize
behind_continued_name (const Expansion *e, gsize pos, gsize end)
{
    while (pos < end) {
        if (prc_shell_is_name_char (e->text[pos]))
            pos++;
        else if (pos + 1 < end && memcmp (e->text + pos, "\\\n", 2) == 0)
            pos += 2;
        else
            break;
    }
    return pos;
}

static gboolean
expand_dollar (Expansion *e, gsize *pos, gsize end, gboolean in_double)
{
    gsize i = *pos;
    char next = i + 1 < end ? e->text[i + 1] : '\0';

    if (next == '(' || (next == '[' && e->dialect != PRC_SHELL_SH))
        return give_up (e, g_strdup (_ ("the output of a command, or arithmetic")));
    if (next == '{')
        return expand_braced (e, pos, in_double);
    if (next == '\'' && !in_double && e->dialect != PRC_SHELL_SH) {
        (*pos)++;
        return expand_ansi (e, pos);
    }
    if (prc_shell_is_name_start (next)) {
        gsize name_end = i + 1;
        g_autofree char *name = NULL;

        while (name_end < end && prc_shell_is_name_char (e->text[name_end]))
            name_end++;
        if (name_end + 1 < end && e->text[name_end] == '\\' && e->text[name_end + 1] == '\n') {
            *pos = behind_continued_name (e, name_end, end);
            return give_up (e, g_strdup (_ ("a variable's name that goes on in the next line")));
        }
        if (is_zsh_modified (e, name_end))
            return give_up (e, g_strdup (_ ("a variable with a zsh modifier")));
        name = g_strndup (e->text + i + 1, name_end - i - 1);
        *pos = name_end;
        return append_variable (e, name, i, in_double);
    }
    /* zsh: the length of `$$`, so that no ${…} follows in $#${…}. */
    if (e->dialect == PRC_SHELL_ZSH && next == '#' && i + 2 < end && e->text[i + 2] == '$') {
        *pos = i + 3;
        return give_up (e, g_strdup (_ ("a special parameter")));
    }
    if (next != '\0' && (g_ascii_isdigit (next) || strchr ("@*#?-$!", next) != NULL ||
                         (e->dialect == PRC_SHELL_ZSH && strchr ("+=~^:", next) != NULL)))
        /* Translators: why the value of a shell variable is not known */
        return give_up (e, g_strdup (_ ("a special parameter")));
    *pos = i + 1;
    /* bash: $"…" is "…", translated if there were a catalogue; elsewhere the dollar stands. */
    if (!(next == '"' && !in_double && e->dialect == PRC_SHELL_BASH))
        g_string_append_c (e->out, '$');
    return TRUE;
}

static gboolean
expand_in_double (Expansion *e, gsize *pos, gsize end)
{
    gsize i = *pos;
    char next = i + 1 < end ? e->text[i + 1] : '\0';

    if (e->text[i] == '\\' && next == '\n') {
        *pos = i + 2;
    } else if (e->text[i] == '\\' && next != '\0' && strchr ("$`\"\\", next) != NULL) {
        g_string_append_c (e->out, next);
        *pos = i + 2;
    } else {
        g_string_append_c (e->out, e->text[i]);
        *pos = i + 1;
    }
    return TRUE;
}

/* A byte outside of quotes that the shell may take for more than itself. */
static gboolean
is_special (const Expansion *e, gsize i, char **ret_why)
{
    char c = e->text[i];
    /* zsh looks at what an empty variable before it leaves. */
    gboolean first = i == e->start || (e->dialect == PRC_SHELL_ZSH && e->out->len == 0);
    /* … and at a colon that was quoted. */
    char before = first                         ? '\0'
                  : e->dialect == PRC_SHELL_ZSH ? e->out->str[e->out->len - 1]
                                                : e->text[i - 1];
    gboolean value = e->mode == PRC_SHELL_WORD_VALUE || e->mode == PRC_SHELL_WORD_EXPORT;

    if (c == '~' && (first || (value && (before == ':' || before == '=')))) {
        *ret_why = g_strdup (_ ("a home directory"));
        return TRUE;
    }
    if (c == '=' && e->dialect == PRC_SHELL_ZSH && i + 1 < e->end &&
        (first || (e->failed && (e->out->len == e->known || before == '}')) ||
         (value && before == ':'))) {
        /* If there is no such command, zsh gives up the file. */
        e->x->fail (e->x->data, FALSE, i);
        /* Translators: why the value of a shell variable is not known */
        *ret_why = g_strdup (_ ("zsh's =command"));
        return TRUE;
    }
    if (c == '(' || c == '<' || c == '>') {
        *ret_why =
            g_strdup (e->text[e->start] == '(' ? _ ("an array") : _ ("a substitution or pattern"));
        return TRUE;
    }
    if (c == '{' && ((e->dialect == PRC_SHELL_BASH && e->mode != PRC_SHELL_WORD_VALUE) ||
                     (e->dialect == PRC_SHELL_ZSH && !value))) {
        /* Translators: why the value of a shell variable is not known */
        *ret_why = g_strdup (_ ("a brace expansion"));
        return TRUE;
    }
    if (!value && strchr ("*?[", c) != NULL && (c != '[' || e->end - e->start > 1)) {
        /* zsh gives up the file when nothing matches. */
        if (e->dialect == PRC_SHELL_ZSH)
            e->x->fail (e->x->data, FALSE, i);
        /* Translators: why the value of a shell variable is not known */
        *ret_why = g_strdup (_ ("a file name pattern"));
        return TRUE;
    }
    return FALSE;
}

static gboolean
expand_bare (Expansion *e, gsize *pos, gsize end)
{
    gsize i = *pos;
    char *why = NULL;

    switch (e->text[i]) {
    case '\\':
        if (e->dialect == PRC_SHELL_ZSH && MIN (i + 2, end) == e->x->syntax->size)
            return give_up (e, g_strdup (_ ("a backslash at the end of the file")));
        if (i + 1 >= end) {
            /* At the very end of the file. */
            g_string_append_c (e->out, '\\');
        } else if (e->text[i + 1] != '\n') {
            g_string_append_c (e->out, e->text[i + 1]);
        }
        *pos = MIN (i + 2, end);
        return TRUE;
    case '\'':
        if (!prc_shell_skip_single (e->x->syntax, pos, NULL))
            /* Translators: why the value of a shell variable is not known */
            return give_up (e, g_strdup (_ ("an open quote")));
        g_string_append_len (e->out, e->text + i + 1, (gssize) (*pos - i - 2));
        return TRUE;
    case '"':
        if (!prc_shell_skip_double (e->x->syntax, pos, NULL))
            return give_up (e, g_strdup (_ ("an open quote")));
        return expand_range (e, i + 1, *pos - 1, TRUE);
    default:
        break;
    }
    if (e->mode == PRC_SHELL_WORD_PATH && e->text[i] == '~' && i == e->start &&
        (i + 1 == end || e->text[i + 1] == '/')) {
        g_string_append_c (e->out, '~');
    } else if (is_special (e, i, &why)) {
        return give_up (e, why);
    } else {
        g_string_append_c (e->out, e->text[i]);
    }
    *pos = i + 1;
    return TRUE;
}

/* Over what could not be expanded. */
static gsize
skip_failed (Expansion *e, gsize i, gsize end, gboolean in_double)
{
    gsize pos = i;
    gboolean ok = FALSE;

    if (in_double && e->text[i] == '$')
        ok = prc_shell_skip_dollar (e->x->syntax, &pos, TRUE, NULL);
    else if (in_double && e->text[i] == '`')
        ok = prc_shell_skip_backticks (e->x->syntax, &pos, NULL);
    else if (!in_double)
        ok = prc_shell_skip_piece (e->x->syntax, &pos, NULL);
    return ok && pos > i ? MIN (pos, end) : i + 1;
}

/* Goes on after a failure: a ${name:=word} further on acts all the same. */
static gboolean
expand_range (Expansion *e, gsize start, gsize end, gboolean in_double)
{
    gsize i = start;
    gboolean all = TRUE;

    while (i < end) {
        gboolean ok = FALSE;
        gsize before = i;

        if (e->text[i] == '$')
            ok = expand_dollar (e, &i, end, in_double);
        else if (e->text[i] == '`')
            /* Translators: why the value of a shell variable is not known */
            ok = give_up (e, g_strdup (_ ("the output of a command")));
        else if (in_double)
            ok = expand_in_double (e, &i, end);
        else
            ok = expand_bare (e, &i, end);
        all = all && ok;
        if (!ok && i == before)
            i = skip_failed (e, i, end, in_double);
    }
    return all;
}

char *
prc_shell_expand (PrcShellExpander *x, PrcShellSpan word, PrcShellWordMode mode, gboolean in_double)
{
    Expansion e = { .x = x,
                    .text = x->syntax->text,
                    .dialect = x->syntax->dialect,
                    .mode = mode,
                    .start = word.start,
                    .end = word.end };

    e.out = g_string_sized_new (word.end - word.start + 1);
    if (expand_range (&e, word.start, word.end, in_double))
        return g_string_free (e.out, FALSE);
    /* It may hold a part of a secret. */
    explicit_bzero (e.out->str, e.out->len);
    g_string_free (e.out, TRUE);
    return NULL;
}

gboolean
prc_shell_has_substitution (const PrcShellSyntax *s, PrcShellSpan word)
{
    for (gsize i = word.start; i + 1 < word.end; i++)
        if (s->text[i] == '`' || (strchr ("$<>=", s->text[i]) != NULL && s->text[i + 1] == '('))
            return TRUE;
    return FALSE;
}

/* And back */

static gboolean
is_bare_safe (const char *value)
{
    if (*value == '\0')
        return FALSE;
    for (const char *p = value; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && strchr ("_./:@%+,-", *p) == NULL)
            return FALSE;
    return TRUE;
}

static char *
quote_double (const char *value)
{
    GString *out = g_string_new ("\"");

    for (const char *p = value; *p != '\0'; p++) {
        if (strchr ("\"\\$`", *p) != NULL)
            g_string_append_c (out, '\\');
        g_string_append_c (out, *p);
    }
    g_string_append_c (out, '"');
    return g_string_free (out, FALSE);
}

static char *
quote_single (const char *value)
{
    GString *out = g_string_new ("'");

    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '\'')
            g_string_append (out, "'\\''");
        else
            g_string_append_c (out, *p);
    }
    g_string_append_c (out, '\'');
    return g_string_free (out, FALSE);
}

char *
prc_shell_quote (const char *value, const char *style)
{
    gsize n = style != NULL ? strlen (style) : 0;

    if (n >= 2 && style[0] == '"' && style[n - 1] == '"')
        return quote_double (value);
    if (style != NULL && strpbrk (style, "'\"\\$`") == NULL && is_bare_safe (value))
        return g_strdup (value);
    return quote_single (value);
}

#include "formats/libconfig-tree.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "formats/document.h"

/* libconfig's own parser stops somewhere beyond 1000; nobody nests so deep. */
#define DEPTH_MAX 256

typedef enum {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_VALUE, /* a scalar: @type and @text */
    TOKEN_INCLUDE,
    TOKEN_EQUALS,
    TOKEN_PUNCTUATION, /* @symbol */
    TOKEN_GARBAGE,
} TokenKind;

typedef struct {
    const char *data;
    gsize size, at;
    guint line;
    guint version;

    /* The token that is looked at */
    TokenKind kind;
    char symbol;
    PrcCfgType type;
    GString *text;
    gsize start, end, prev_end;
    guint token_line;
    const char *problem; /* why it is garbage, when that needs saying */
} Parser;

void
prc_cfg_node_free (PrcCfgNode *node)
{
    if (node == NULL)
        return;
    g_clear_pointer (&node->children, g_ptr_array_unref);
    g_free (node->name);
    prc_wipe_free (node->text);
    g_free (node);
}

/* Characters and numbers */

static gboolean
is_name_start (char c)
{
    return g_ascii_isalpha (c) || c == '*';
}

static gboolean
is_name_char (char c)
{
    return g_ascii_isalnum (c) || c == '*' || c == '-' || c == '_';
}

static gsize
count_digits (const char *p, gsize left)
{
    gsize n = 0;

    while (n < left && g_ascii_isdigit (p[n]))
        n++;
    return n;
}

static gsize
length_of_exponent (const char *p, gsize left)
{
    gsize n = 1, digits;

    if (left == 0 || (*p != 'e' && *p != 'E'))
        return 0;
    if (n < left && (p[n] == '+' || p[n] == '-'))
        n++;
    digits = count_digits (p + n, left - n);
    return digits > 0 ? n + digits : 0;
}

static gsize
length_of_suffix (const char *p, gsize left)
{
    gsize n = 0;

    while (n < left && n < 2 && p[n] == 'L')
        n++;
    return n;
}

static gsize
length_of_hex (const char *p, gsize left)
{
    gsize n = 2;

    if (left < 3 || p[0] != '0' || (p[1] != 'x' && p[1] != 'X'))
        return 0;
    while (n < left && g_ascii_isxdigit (p[n]))
        n++;
    return n > 2 ? n : 0;
}

/* What stands at @p as a number: its length (0: none); @ret_digits leaves the L suffix out. */
static gsize
scan_number (const char *p, gsize left, PrcCfgType *ret_type, gsize *ret_digits)
{
    gsize hex = length_of_hex (p, left);
    gsize sign = left > 0 && (*p == '-' || *p == '+');
    gsize digits = count_digits (p + sign, left - sign);
    gsize n = sign + digits, more;

    *ret_digits = hex > 0 ? hex : n;
    if (hex == 0 && n < left && p[n] == '.') {
        n += 1 + count_digits (p + n + 1, left - n - 1);
        *ret_type = PRC_CFG_FLOAT;
        return n + length_of_exponent (p + n, left - n);
    }
    more = hex == 0 && digits > 0 ? length_of_exponent (p + n, left - n) : 0;
    if (more > 0) {
        *ret_type = PRC_CFG_FLOAT;
        return n + more;
    }
    if (hex == 0 && digits == 0)
        return 0;
    more = length_of_suffix (p + *ret_digits, left - *ret_digits);
    *ret_type = more > 0 ? PRC_CFG_INT64 : PRC_CFG_INT;
    return *ret_digits + more;
}

static gint64
hex_value (const char *digits, gboolean is_long)
{
    guint64 value = 0;

    if (!is_long) { /* strtoul() saturates, the cast to int takes the low half */
        value = strtoull (digits, NULL, 16);
        return (gint32) (guint32) value;
    }
    for (const char *p = digits + 2; *p != '\0'; p++)
        value = (value << 4) | (guint64) g_ascii_xdigit_value (*p);
    return (gint64) value;
}

/* Before 1.7 a plain integer was atoi(): the low half of a long. Since then it becomes 64 bits. */
static gboolean
set_integer (Parser *p, const char *digits)
{
    gboolean hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    gboolean wraps = p->version != 0 && p->version < PRC_TOOL_VERSION (1, 7, 0);
    gint64 value;

    errno = 0;
    value = hex ? hex_value (digits, p->type == PRC_CFG_INT64) : strtoll (digits, NULL, 10);
    if (!hex && p->type == PRC_CFG_INT) {
        if (wraps)
            value = (gint32) (guint32) (guint64) value;
        else if (errno == ERANGE)
            return FALSE;
        else if (value < INT_MIN || value > INT_MAX)
            p->type = PRC_CFG_INT64;
    }
    g_string_printf (p->text, "%" G_GINT64_FORMAT, value);
    return TRUE;
}

/* The scanner */

static void
set_token (Parser *p, TokenKind kind, gsize length)
{
    p->kind = kind;
    p->start = p->at;
    p->at += length;
    p->end = p->at;
}

static void
set_garbage (Parser *p, const char *problem)
{
    set_token (p, TOKEN_GARBAGE, 1);
    p->problem = problem;
}

static gboolean
starts (const Parser *p, const char *text)
{
    gsize length = strlen (text);

    return p->size - p->at >= length && memcmp (p->data + p->at, text, length) == 0;
}

/* FALSE at the end of the file, also inside a comment, and at a comment without its newline, which
 * no version of libconfig takes for one. */
static gboolean
skip_blank (Parser *p)
{
    while (p->at < p->size) {
        char c = p->data[p->at];
        const char *end;

        if (c == '#' || starts (p, "//")) {
            end = memchr (p->data + p->at, '\n', p->size - p->at);
            if (end == NULL)
                return TRUE;
            p->at = (gsize) (end - p->data);
        } else if (starts (p, "/*")) {
            end = memmem (p->data + p->at + 2, p->size - p->at - 2, "*/", 2);
            if (end == NULL)
                return FALSE;
            for (const char *q = p->data + p->at; q < end; q++)
                p->line += *q == '\n';
            p->at = (gsize) (end - p->data) + 2;
        } else if (strchr (" \t\n\r\f", c) != NULL) {
            p->line += c == '\n';
            p->at++;
        } else {
            return TRUE;
        }
    }
    return FALSE;
}

static char
simple_escape (char c)
{
    static const char names[] = "nrtf\\\"", means[] = "\n\r\t\f\\\"";
    const char *found = strchr (names, c);

    return found != NULL && c != '\0' ? means[found - names] : '\0';
}

/* One escape or plain byte at @i, in a string; returns what follows. */
static gsize
append_string_char (Parser *p, gsize i, gboolean *cut)
{
    const char *data = p->data;
    gsize left = p->size - i;
    char c = data[i], plain;

    if (c == '\\' && left >= 4 && (data[i + 1] == 'x' || data[i + 1] == 'X') &&
        g_ascii_isxdigit (data[i + 2]) && g_ascii_isxdigit (data[i + 3])) {
        c = (char) (g_ascii_xdigit_value (data[i + 2]) * 16 + g_ascii_xdigit_value (data[i + 3]));
        if (c == '\0' && (p->version == 0 || p->version >= PRC_TOOL_VERSION (1, 7, 0)))
            *cut = TRUE;
        if (c != '\0' && !*cut)
            g_string_append_c (p->text, c);
        return i + 4;
    }
    plain = c == '\\' && left >= 2 ? simple_escape (data[i + 1]) : '\0';
    if (!*cut)
        g_string_append_c (p->text, plain != '\0' ? plain : c);
    return i + (plain != '\0' ? 2 : 1);
}

/* At a quote: one "…"; FALSE when it is never closed. */
static gboolean
scan_quoted (Parser *p)
{
    gboolean cut = FALSE;
    guint newlines = 0;
    gsize i = p->at + 1;

    while (i < p->size && p->data[i] != '"') {
        newlines += p->data[i] == '\n';
        i = append_string_char (p, i, &cut);
    }
    if (i >= p->size)
        return FALSE;
    p->line += newlines;
    p->at = i + 1;
    return TRUE;
}

/* Adjacent strings are one. What follows the last is not consumed. */
static void
scan_string (Parser *p)
{
    gsize start = p->at, end = start;
    guint line = p->line;

    p->kind = TOKEN_END;
    while (p->at < p->size && p->data[p->at] == '"') {
        gsize length = p->text->len;

        if (!scan_quoted (p)) {
            g_string_truncate (p->text, length);
            break;
        }
        p->kind = TOKEN_VALUE;
        p->type = PRC_CFG_STRING;
        end = p->at;
        line = p->line;
        (void) skip_blank (p);
    }
    p->start = start;
    p->end = p->at = end;
    p->line = line;
}

static gboolean
at_include (const Parser *p, gsize *ret_path)
{
    gsize i = p->at;

    if (!starts (p, "@include"))
        return FALSE;
    while (i > 0 && (p->data[i - 1] == ' ' || p->data[i - 1] == '\t'))
        i--;
    if (i > 0 && p->data[i - 1] != '\n')
        return FALSE;
    i = p->at + strlen ("@include");
    *ret_path = i;
    while (i < p->size && (p->data[i] == ' ' || p->data[i] == '\t'))
        i++;
    if (i == *ret_path || i == p->size || p->data[i] != '"')
        return FALSE;
    *ret_path = i;
    return TRUE;
}

static void
scan_include (Parser *p, gsize quote)
{
    gsize i = quote + 1;

    while (i < p->size && p->data[i] != '"') {
        gboolean escaped =
            p->data[i] == '\\' && i + 1 < p->size && strchr ("\\\"", p->data[i + 1]) != NULL;

        i += escaped;
        p->line += p->data[i] == '\n';
        g_string_append_c (p->text, p->data[i++]);
    }
    if (i >= p->size) {
        set_garbage (p, _ ("an @include whose quote is never closed"));
        return;
    }
    p->type = PRC_CFG_INCLUDE;
    set_token (p, TOKEN_INCLUDE, i + 1 - p->at);
}

static void
scan_word (Parser *p)
{
    const char *word = p->data + p->at;
    gsize length = 1;

    while (p->at + length < p->size && is_name_char (word[length]))
        length++;
    set_token (p, TOKEN_NAME, length);
    g_string_append_len (p->text, word, (gssize) length);
    if (g_ascii_strcasecmp (p->text->str, "true") != 0 &&
        g_ascii_strcasecmp (p->text->str, "false") != 0)
        return;
    p->kind = TOKEN_VALUE;
    p->type = PRC_CFG_BOOL;
    g_string_ascii_down (p->text);
}

static void
scan_other (Parser *p)
{
    char c = p->data[p->at];
    gsize digits = 0, length = scan_number (p->data + p->at, p->size - p->at, &p->type, &digits);

    if (length > 0) {
        g_string_append_len (p->text, p->data + p->at, (gssize) length);
        set_token (p, TOKEN_VALUE, length);
        if (p->type == PRC_CFG_FLOAT)
            return;
        g_string_truncate (p->text, digits);
        {
            g_autofree char *copy = g_strdup (p->text->str);

            if (!set_integer (p, copy)) {
                p->kind = TOKEN_GARBAGE;
                p->problem = _ ("this number is too large");
            }
        }
    } else if (c == '=' || c == ':') {
        set_token (p, TOKEN_EQUALS, 1);
    } else if (strchr ("{}[]();,", c) != NULL) {
        p->symbol = c;
        set_token (p, TOKEN_PUNCTUATION, 1);
    } else if (c == '#' || starts (p, "//")) {
        set_garbage (p, _ ("a comment at the end of the file needs a newline behind it"));
    } else {
        set_garbage (p, NULL);
    }
}

static void
advance (Parser *p)
{
    gsize quote = 0;

    p->prev_end = p->end;
    p->problem = NULL;
    g_string_truncate (p->text, 0);
    if (!skip_blank (p)) {
        p->kind = TOKEN_END;
        p->start = p->at;
        p->token_line = p->line;
        return;
    }
    p->token_line = p->line;
    if (p->data[p->at] == '"')
        scan_string (p);
    else if (at_include (p, &quote))
        scan_include (p, quote);
    else if (is_name_start (p->data[p->at]))
        scan_word (p);
    else
        scan_other (p);
}

/* The parser */

static gboolean
is_symbol (const Parser *p, char symbol)
{
    return p->kind == TOKEN_PUNCTUATION && p->symbol == symbol;
}

static gboolean
fail (const Parser *p, const char *expected, GError **error)
{
    if (p->problem != NULL)
        prc_set_error_at_line (error, p->token_line, "%s", p->problem);
    else if (p->kind == TOKEN_END)
        prc_set_error_at_line (error,
                               p->token_line, /* Translators: "a value", "'='" and the like */
                               _ ("the file ends too early; expected here: %s"), expected);
    else
        prc_set_error_at_line (error,
                               p->token_line, /* Translators: "a value", "'='" and the like */
                               _ ("syntax error; expected here: %s"), expected);
    return FALSE;
}

static PrcCfgNode *
new_node (PrcCfgNode *parent, const Parser *p)
{
    PrcCfgNode *node = g_new0 (PrcCfgNode, 1);

    node->parent = parent;
    node->comma_before = PRC_CFG_NONE;
    node->line = p->token_line;
    node->start = p->start;
    node->prev_end = p->prev_end;
    if (parent == NULL)
        return node;
    if (parent->children == NULL)
        parent->children = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_cfg_node_free);
    g_ptr_array_add (parent->children, node);
    return node;
}

static gboolean parse_value (Parser *p, PrcCfgNode *node, guint depth, GError **error);

static gboolean
parse_setting (Parser *p, PrcCfgNode *group, GHashTable *names, guint depth, GError **error)
{
    PrcCfgNode *node = new_node (group, p);

    if (p->kind == TOKEN_INCLUDE) {
        node->type = PRC_CFG_INCLUDE;
        node->text = g_strdup (p->text->str);
        node->value_start = node->start + strlen ("@include");
        node->end = node->value_end = p->end;
        while (strchr (" \t", p->data[node->value_start]) != NULL)
            node->value_start++;
        advance (p);
        return TRUE;
    }
    node->name = g_strdup (p->text->str);
    if (!g_hash_table_add (names, node->name)) {
        prc_set_error_at_line (error, node->line, _ ("there is a setting %s already"), node->name);
        return FALSE;
    }
    advance (p);
    if (p->kind != TOKEN_EQUALS)
        return fail (p, "'='", error);
    advance (p);
    if (!parse_value (p, node, depth, error))
        return FALSE;
    node->end = node->value_end;
    if (is_symbol (p, ';') || is_symbol (p, ',')) {
        node->end = p->end;
        advance (p);
    }
    return TRUE;
}

static gboolean
parse_settings (Parser *p, PrcCfgNode *group, guint depth, GError **error)
{
    g_autoptr (GHashTable) names = NULL;

    while (p->kind == TOKEN_NAME || p->kind == TOKEN_INCLUDE) {
        if (names == NULL)
            names = g_hash_table_new (g_str_hash, g_str_equal);
        if (!parse_setting (p, group, names, depth, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
parse_element (Parser *p, PrcCfgNode *list, gsize comma, guint depth, GError **error)
{
    PrcCfgNode *node = NULL;

    if (list->type == PRC_CFG_ARRAY && p->kind != TOKEN_VALUE)
        /* Translators: what is expected here */
        return fail (p, _ ("a number, a string, true or false"), error);
    node = new_node (list, p);
    node->comma_before = comma;
    if (!parse_value (p, node, depth, error))
        return FALSE;
    node->end = node->value_end;
    if (list->type == PRC_CFG_ARRAY &&
        node->type != ((PrcCfgNode *) g_ptr_array_index (list->children, 0))->type) {
        prc_set_error_at_line (error, node->line,
                               _ ("the elements of an array must be of one type"));
        return FALSE;
    }
    return TRUE;
}

static gboolean
parse_elements (Parser *p, PrcCfgNode *list, char close, guint depth, GError **error)
{
    gboolean trailing = p->version >= PRC_TOOL_VERSION (1, 7, 0);
    gsize comma = PRC_CFG_NONE;

    while (!is_symbol (p, close)) {
        if (!parse_element (p, list, comma, depth, error))
            return FALSE;
        if (is_symbol (p, close))
            return TRUE;
        if (!is_symbol (p, ','))
            /* Translators: what is expected here */
            return fail (p, close == ']' ? _ ("',' or ']'") : _ ("',' or ')'"), error);
        ((PrcCfgNode *) g_ptr_array_index (list->children, list->children->len - 1))->end = p->end;
        comma = p->start;
        advance (p);
        if (is_symbol (p, close) && !trailing)
            /* Translators: what is expected here */
            return fail (p, _ ("another element (this comma is one too many)"), error);
    }
    return TRUE;
}

static gboolean
parse_scalar (Parser *p, PrcCfgNode *node)
{
    node->type = p->type;
    node->text = g_strndup (p->text->str, p->text->len);
    node->value_end = p->end;
    advance (p);
    return TRUE;
}

static gboolean
parse_value (Parser *p, PrcCfgNode *node, guint depth, GError **error)
{
    char close;

    node->value_start = p->start;
    if (p->kind == TOKEN_VALUE)
        return parse_scalar (p, node);
    if (!is_symbol (p, '{') && !is_symbol (p, '[') && !is_symbol (p, '('))
        /* Translators: what is expected here */
        return fail (p, _ ("a value"), error);
    if (depth >= DEPTH_MAX) {
        prc_set_error_at_line (error, p->token_line, _ ("nested too deeply"));
        return FALSE;
    }
    node->type = p->symbol == '{' ? PRC_CFG_GROUP : p->symbol == '[' ? PRC_CFG_ARRAY : PRC_CFG_LIST;
    close = p->symbol == '{' ? '}' : p->symbol == '[' ? ']' : ')';
    advance (p);
    if (close == '}' ? !parse_settings (p, node, depth + 1, error)
                     : !parse_elements (p, node, close, depth + 1, error))
        return FALSE;
    if (!is_symbol (p, close))
        /* Translators: what is expected here */
        return fail (p, _ ("another setting, or '}'"), error);
    node->value_end = p->end;
    advance (p);
    return TRUE;
}

PrcCfgNode *
prc_cfg_parse (const char *data, gsize size, guint version, gsize *ret_limit, GError **error)
{
    g_autoptr (PrcCfgNode) root = NULL;
    Parser p = { .data = data, .size = size, .line = 1, .version = version };
    gboolean done;

    p.text = g_string_new (NULL);
    advance (&p);
    root = new_node (NULL, &p);
    root->type = PRC_CFG_GROUP;
    done = parse_settings (&p, root, 0, error) &&
           /* Translators: what is expected here */
           (p.kind == TOKEN_END || fail (&p, _ ("a setting"), error));
    prc_wipe_free (g_string_free (p.text, FALSE));
    if (!done)
        return NULL;
    *ret_limit = p.start;
    return g_steal_pointer (&root);
}

/* Looking things up */

PrcCfgNode *
prc_cfg_child (const PrcCfgNode *node, const char *name)
{
    guint n = node->children != NULL ? node->children->len : 0;

    if (node->type == PRC_CFG_LIST) {
        guint64 index = g_ascii_isdigit (*name) ? g_ascii_strtoull (name, NULL, 10) : n;

        return index < n ? g_ptr_array_index (node->children, (guint) index) : NULL;
    }
    for (guint i = 0; node->type == PRC_CFG_GROUP && i < n; i++) {
        PrcCfgNode *child = g_ptr_array_index (node->children, i);

        if (g_strcmp0 (child->name, name) == 0)
            return child;
    }
    return NULL;
}

PrcCfgType
prc_cfg_type_of_text (const char *text)
{
    PrcCfgType type = PRC_CFG_STRING;
    gsize size = strlen (text), digits = 0;

    if (strcmp (text, "true") == 0 || strcmp (text, "false") == 0)
        return PRC_CFG_BOOL;
    if (size > 18 || scan_number (text, size, &type, &digits) != size)
        return PRC_CFG_STRING;
    if (type == PRC_CFG_INT) {
        g_autofree char *same = NULL;
        gint64 value = g_ascii_strtoll (text, NULL, 10);

        same = g_strdup_printf ("%" G_GINT64_FORMAT, value);
        if (strcmp (same, text) != 0 || value < INT_MIN || value > INT_MAX)
            return PRC_CFG_STRING;
    }
    return type == PRC_CFG_INT64 ? PRC_CFG_STRING : type;
}

gboolean
prc_cfg_is_name (const char *text)
{
    if (!is_name_start (*text) || g_ascii_strcasecmp (text, "true") == 0 ||
        g_ascii_strcasecmp (text, "false") == 0)
        return FALSE;
    while (is_name_char (*text))
        text++;
    return *text == '\0';
}

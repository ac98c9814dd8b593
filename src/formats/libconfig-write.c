#include "formats/libconfig-write.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

/* Text around a setting */

static gboolean
is_blank (char c)
{
    return c == ' ' || c == '\t';
}

gboolean
prc_cfg_begins_line (const char *data, gsize offset)
{
    while (offset > 0 && is_blank (data[offset - 1]))
        offset--;
    return offset == 0 || data[offset - 1] == '\n';
}

/* Byte by byte, for a search to the end of the line would make a long line quadratic. */
gboolean
prc_cfg_ends_line (const char *data, gsize size, gsize offset, gsize *ret_end)
{
    gboolean in_block = FALSE, in_line = FALSE;
    gsize i = offset;

    for (; i < size && data[i] != '\n'; i++) {
        gboolean pair = i + 1 < size;

        if (in_line)
            continue;
        if (in_block) {
            if (pair && data[i] == '*' && data[i + 1] == '/') {
                in_block = FALSE;
                i++;
            }
        } else if (data[i] == '#' || (pair && data[i] == '/' && data[i + 1] == '/')) {
            in_line = TRUE;
        } else if (pair && data[i] == '/' && data[i + 1] == '*') {
            in_block = TRUE;
            i++;
        } else if (!is_blank (data[i]) && data[i] != '\r') {
            return FALSE;
        }
    }
    if (in_block)
        return FALSE;
    *ret_end = i < size ? i + 1 : size;
    return TRUE;
}

void
prc_cfg_append_string (GString *out, const char *value)
{
    static const char special[] = "\\\"\n\r\t\f", names[] = "\\\"nrtf";

    g_string_append_c (out, '"');
    for (const char *p = value; *p != '\0'; p++) {
        const char *found = strchr (special, *p);

        if (found != NULL)
            g_string_append_printf (out, "\\%c", names[found - special]);
        else if ((guchar) *p < 0x20 || *p == 0x7F)
            g_string_append_printf (out, "\\x%02X", (guint) (guchar) *p);
        else
            g_string_append_c (out, *p);
    }
    g_string_append_c (out, '"');
}

/* The blanks that the line of @offset begins with. */
static char *
indent_at (const PrcDocument *doc, gsize offset)
{
    gsize size = 0;
    const char *data = prc_document_data (doc, &size);
    gsize start = prc_document_line_start (doc, offset), end = start;

    while (end < size && is_blank (data[end]))
        end++;
    return g_strndup (data + start, end - start);
}

static const PrcCfgNode *
last_child (const PrcCfgNode *node)
{
    return node->children != NULL && node->children->len > 0
               ? g_ptr_array_index (node->children, node->children->len - 1)
               : NULL;
}

/* How much deeper than its surroundings the first setting of @group stands, if on a line of its
 * own. */
static char *
unit_in (const PrcDocument *doc, const PrcCfgNode *group)
{
    const char *data = prc_document_data (doc, NULL);
    const PrcCfgNode *first = last_child (group) != NULL ? group->children->pdata[0] : NULL;
    g_autofree char *outer = indent_at (doc, group->start);
    g_autofree char *inner = first != NULL ? indent_at (doc, first->start) : NULL;

    if (first == NULL || group->parent == NULL || !prc_cfg_begins_line (data, first->start) ||
        !g_str_has_prefix (inner, outer) || strlen (inner) == strlen (outer))
        return NULL;
    return g_strdup (inner + strlen (outer));
}

/* One step of indentation, as the file does it. */
static char *
unit_of (const PrcDocument *doc, const PrcCfgNode *root)
{
    for (guint i = 0; root->children != NULL && i < root->children->len; i++)
        for (const PrcCfgNode *node = root->children->pdata[i]; node != NULL;
             node = last_child (node)) {
            char *unit = unit_in (doc, node);

            if (unit != NULL)
                return unit;
        }
    return g_strdup ("  ");
}

/* New text */

typedef struct {
    const PrcDocument *doc;
    const PrcCfgNode *root;
    char *unit;
    gboolean lines; /* each setting on its own line */
} Style;

static gboolean
is_index (const char *part)
{
    return g_ascii_isdigit (*part);
}

static void
append_break (GString *out, const Style *style, const char *indent, const char *deeper)
{
    if (style->lines)
        g_string_append_printf (out, "\n%s%s", indent, deeper);
    else
        g_string_append_c (out, ' ');
}

/* What stands behind the '=' of parts[-1], or is an element: @value in as many new groups and lists
 * as @parts names. */
static void
append_nested (GString *out, const Style *style, char **parts, const char *indent,
               const char *value)
{
    g_autofree char *inner = g_strconcat (indent, style->unit, NULL);
    gboolean list = parts[0] != NULL && is_index (parts[0]);

    if (parts[0] == NULL) {
        prc_cfg_append_string (out, value);
        return;
    }
    g_string_append_c (out, list ? '(' : '{');
    append_break (out, style, inner, "");
    if (!list)
        g_string_append_printf (out, "%s = ", parts[0]);
    append_nested (out, style, parts + 1, inner, value);
    if (!list)
        g_string_append_c (out, ';');
    append_break (out, style, indent, "");
    g_string_append_c (out, list ? ')' : '}');
}

static char *
with_eol (const PrcDocument *doc, GString *text)
{
    const char *eol = prc_document_eol (doc);
    GString *out = g_string_sized_new (text->len);

    for (gsize i = 0; i < text->len; i++)
        if (text->str[i] == '\n')
            g_string_append (out, eol);
        else
            g_string_append_c (out, text->str[i]);
    return g_string_free (out, FALSE);
}

/* A setting behind its siblings */

static const char *
terminator_of (const PrcDocument *doc, const PrcCfgNode *node)
{
    const char *data = prc_document_data (doc, NULL);

    if (node == NULL || node->type == PRC_CFG_INCLUDE)
        return ";";
    if (node->end == node->value_end)
        return "";
    return data[node->end - 1] == ',' ? "," : ";";
}

/* " = ", or what @sibling has in its place. */
static char *
equals_of (const PrcDocument *doc, const PrcCfgNode *sibling)
{
    const char *data = prc_document_data (doc, NULL);
    gsize start, length;

    if (sibling == NULL || sibling->name == NULL)
        return g_strdup (" = ");
    start = sibling->start + strlen (sibling->name);
    length = sibling->value_start - start;
    if (length > 3 || strspn (data + start, " =:") < length)
        return g_strdup (" = ");
    return g_strndup (data + start, length);
}

static GString *
setting_text (const Style *style, char **parts, const char *indent, const char *value,
              const PrcCfgNode *sibling)
{
    GString *text = g_string_new (parts[0]);
    g_autofree char *equals = equals_of (style->doc, sibling);

    g_string_append (text, equals);
    append_nested (text, style, parts + 1, indent, value);
    return text;
}

static void
insert_behind (Style *style, const PrcCfgNode *last, char **parts, const char *value,
               PrcEdit *ret_edit)
{
    gsize size = 0, line_end = 0;
    const char *data = prc_document_data (style->doc, &size);
    gboolean own_line = prc_cfg_begins_line (data, last->start);
    g_autofree char *indent = indent_at (style->doc, last->start);
    const char *terminator = terminator_of (style->doc, last);
    g_autoptr (GString) text = NULL;

    style->lines = (own_line || last->parent->parent == NULL) &&
                   prc_cfg_ends_line (data, size, last->end, &line_end);
    text = setting_text (style, parts, indent, value, last);
    if (style->lines) {
        g_string_append (text, terminator);
        g_string_prepend (text, indent);
        prc_document_insert_lines (style->doc, line_end, text->str, ret_edit);
        return;
    }
    g_string_append (text, *terminator != '\0' ? terminator : ";");
    g_string_prepend (text, *terminator != '\0' ? " " : "; ");
    *ret_edit = (PrcEdit){ last->end, last->end, with_eol (style->doc, text) };
}

static void
insert_first (Style *style, const PrcCfgNode *group, gsize limit, char **parts, const char *value,
              PrcEdit *ret_edit)
{
    gsize size = 0, line_end = 0, open = group->value_start;
    const char *data = prc_document_data (style->doc, &size);
    gboolean at_top = group->parent == NULL;
    g_autofree char *outer = at_top ? NULL : indent_at (style->doc, open);
    g_autofree char *indent = g_strconcat (at_top ? "" : outer, at_top ? "" : style->unit, NULL);
    g_autoptr (GString) text = NULL;

    style->lines = at_top || (prc_cfg_ends_line (data, size, open + 1, &line_end) &&
                              line_end < group->value_end);
    text = setting_text (style, parts, indent, value, NULL);
    g_string_append_c (text, ';');
    if (at_top && limit < size) { /* an open comment or string, which ends the file for libconfig */
        g_string_append_c (text, '\n');
        *ret_edit = (PrcEdit){ limit, limit, with_eol (style->doc, text) };
    } else if (style->lines) {
        g_string_prepend (text, indent);
        prc_document_insert_lines (style->doc, at_top ? size : line_end, text->str, ret_edit);
    } else {
        g_string_prepend_c (text, ' ');
        if (data[open + 1] == '}')
            g_string_append_c (text, ' ');
        *ret_edit = (PrcEdit){ open + 1, open + 1, with_eol (style->doc, text) };
    }
}

/* An element behind the others */

static gboolean
spans_lines (const char *data, const PrcCfgNode *node)
{
    return memchr (data + node->value_start, '\n', node->value_end - node->value_start) != NULL;
}

static void
append_element (Style *style, const PrcCfgNode *last, char **parts, const char *value,
                PrcEdit *ret_edit)
{
    gsize size = 0, line_end = 0;
    const char *data = prc_document_data (style->doc, &size);
    const PrcCfgNode *inside = last_child (last);
    g_autofree char *indent = indent_at (style->doc, last->start);
    g_autoptr (GString) text = g_string_new (NULL);
    gboolean has_comma = last->end > last->value_end;

    style->lines = spans_lines (data, last) || (inside == NULL && parts[0] != NULL);
    if (inside != NULL && style->lines) {
        char *unit = unit_in (style->doc, last);

        if (unit != NULL) {
            g_free (style->unit);
            style->unit = unit;
        }
    }
    if (!prc_cfg_begins_line (data, last->start) ||
        !prc_cfg_ends_line (data, size, last->end, &line_end)) {
        g_string_append (text, has_comma ? " " : ", ");
        append_nested (text, style, parts, indent, value);
        *ret_edit = (PrcEdit){ last->end, last->end, with_eol (style->doc, text) };
        return;
    }
    g_string_append_printf (text, "%s", has_comma ? "" : ",");
    {
        /* The comment behind the last element stays on its line. */
        gsize comment_end = line_end;
        g_autoptr (GString) element = g_string_new (indent);
        g_autofree char *lines = NULL;

        if (data[comment_end - 1] == '\n')
            comment_end--;
        if (comment_end > last->end && data[comment_end - 1] == '\r')
            comment_end--;
        append_nested (element, style, parts, indent, value);
        lines = with_eol (style->doc, element);
        g_string_append_len (text, data + last->end, (gssize) (comment_end - last->end));
        g_string_append (text, prc_document_eol (style->doc));
        g_string_append (text, lines);
        *ret_edit = (PrcEdit){ last->end, comment_end, g_strdup (text->str) };
    }
}

static void
insert_first_element (Style *style, const PrcCfgNode *list, char **parts, const char *value,
                      PrcEdit *ret_edit)
{
    const char *data = prc_document_data (style->doc, NULL);
    gsize close = list->value_end - 1;
    g_autofree char *outer = indent_at (style->doc, list->start);
    g_autofree char *indent = g_strconcat (outer, style->unit, NULL);
    g_autoptr (GString) text = g_string_new (NULL);

    style->lines = TRUE;
    if (spans_lines (data, list) && prc_cfg_begins_line (data, close)) {
        g_string_append (text, indent);
        append_nested (text, style, parts, indent, value);
        prc_document_insert_lines (style->doc, prc_document_line_start (style->doc, close),
                                   text->str, ret_edit);
        return;
    }
    g_string_append_printf (text, "\n%s", indent);
    append_nested (text, style, parts, indent, value);
    g_string_append_printf (text, "\n%s", outer);
    *ret_edit = (PrcEdit){ close, close, with_eol (style->doc, text) };
}

/* The whole */

static gboolean
refuse (GError **error, const char *key, const char *why)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_UNSUPPORTED, "%s: %s", key, why);
    return FALSE;
}

/* Behind @node, a group or list that has no child parts[0]. */
static gboolean
insert_below (Style *style, const PrcCfgNode *node, gsize limit, char **parts, const char *key,
              const char *value, PrcEdit *ret_edit, GError **error)
{
    const PrcCfgNode *last = last_child (node);

    for (guint i = 1; parts[0] != NULL && parts[i] != NULL; i++)
        if (is_index (parts[i]) && strcmp (parts[i], "0") != 0)
            return refuse (error, key, _ ("a new list begins with element 0"));
    if (parts[0] == NULL)
        return refuse (error, key, _ ("is a group or list: name the setting in it that is meant"));
    if (node->type == PRC_CFG_GROUP && !is_index (parts[0])) {
        if (last != NULL)
            insert_behind (style, last, parts, value, ret_edit);
        else
            insert_first (style, node, limit, parts, value, ret_edit);
        return TRUE;
    }
    if (node->type != PRC_CFG_LIST || !is_index (parts[0]))
        return refuse (error, key, _ ("what it would be in is not such a group or list"));
    if (g_ascii_strtoull (parts[0], NULL, 10) != (last != NULL ? node->children->len : 0))
        return refuse (error, key, _ ("only the next element can be added to a list"));
    if (last != NULL)
        append_element (style, last, parts + 1, value, ret_edit);
    else
        insert_first_element (style, node, parts + 1, value, ret_edit);
    return TRUE;
}

gboolean
prc_cfg_insert (const PrcDocument *doc, const PrcCfgNode *root, gsize limit, const char *key,
                const char *value, PrcEdit *ret_edit, GError **error)
{
    g_auto (GStrv) parts = g_strsplit (key, ".", -1);
    char **rest = parts;
    const PrcCfgNode *node = root;
    Style style = { .doc = doc, .root = root, .unit = unit_of (doc, root) };
    gboolean done;

    while (*rest != NULL) {
        const PrcCfgNode *child = prc_cfg_child (node, *rest);

        if (child == NULL)
            break;
        node = child;
        rest++;
    }
    done = insert_below (&style, node, limit, rest, key, value, ret_edit, error);
    g_free (style.unit);
    return done;
}

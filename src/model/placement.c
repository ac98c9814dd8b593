#include "model/placement.h"

#include <string.h>

#include "base/error.h"
#include "base/i18n.h"

static const char *const words[] = { "inline", "reference", "none" };

static gboolean
find_word (const char *text, PrcPlacement *ret_placement)
{
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (strcmp (words[i], text) == 0) {
            *ret_placement = (PrcPlacement) i;
            return TRUE;
        }
    return FALSE;
}

static gboolean
is_tool_name (const char *text)
{
    for (const char *p = text; *p != '\0'; p++)
        if (!g_ascii_isalnum (*p) && strchr ("-_.", *p) == NULL)
            return FALSE;
    return *text != '\0';
}

static gboolean
refuse (GError **error, const char *what)
{
    g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                 _ ("placement: %s; it is inline, reference or none, and TOOL=WORD for a tool that "
                    "differs: reference,npm=inline"),
                 what);
    return FALSE;
}

/* One part of the list goes to @all, or to @others as "TOOL=WORD". */
static gboolean
take_part (const char *part, const char **all, GPtrArray *others, GError **error)
{
    const char *equals = strchr (part, '=');
    g_autofree char *tool = equals != NULL ? g_strndup (part, (gsize) (equals - part)) : NULL;
    PrcPlacement placement;

    if (tool != NULL)
        g_strstrip (tool);
    if (!find_word (equals != NULL ? equals + 1 + strspn (equals + 1, " ") : part, &placement))
        return refuse (error, _ ("there is no such word"));
    if (tool == NULL) {
        if (*all != NULL)
            return refuse (error, _ ("two words are meant for all tools"));
        *all = words[placement];
        return TRUE;
    }
    if (!is_tool_name (tool))
        return refuse (error, _ ("this can't be the name of a tool"));
    for (guint i = 0; i < others->len; i++) {
        const char *other = g_ptr_array_index (others, i);

        if (strncmp (other, tool, strlen (tool)) == 0 && other[strlen (tool)] == '=')
            return refuse (error, _ ("a tool is named twice"));
    }
    g_ptr_array_add (others, g_strconcat (tool, "=", words[placement], NULL));
    return TRUE;
}

char *
prc_placements_normalize (const char *text, GError **error)
{
    g_auto (GStrv) parts = g_strsplit (text, ",", -1);
    g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
    g_autoptr (GString) result = g_string_new (NULL);
    const char *all = NULL;

    for (guint i = 0; parts[i] != NULL; i++)
        if (*g_strstrip (parts[i]) != '\0' && !take_part (parts[i], &all, others, error))
            return NULL;
    if (all != NULL)
        g_string_append (result, all);
    for (guint i = 0; i < others->len; i++)
        g_string_append_printf (result, "%s%s", result->len > 0 ? "," : "",
                                (const char *) g_ptr_array_index (others, i));
    return g_string_free (g_steal_pointer (&result), FALSE);
}

PrcPlacement
prc_placements_of (const char *text, const char *tool)
{
    g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);
    PrcPlacement placement = PRC_PLACEMENT_INLINE;
    gsize length = strlen (tool);

    for (guint i = 0; parts[i] != NULL; i++) {
        if (strncmp (parts[i], tool, length) == 0 && parts[i][length] == '=') {
            (void) find_word (parts[i] + length + 1, &placement);
            return placement;
        }
        if (strchr (parts[i], '=') == NULL)
            (void) find_word (parts[i], &placement);
    }
    return placement;
}

char **
prc_placements_tools (const char *text)
{
    g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);
    g_autoptr (GPtrArray) tools = g_ptr_array_new_with_free_func (g_free);

    for (guint i = 0; parts[i] != NULL; i++) {
        const char *equals = strchr (parts[i], '=');

        if (equals != NULL)
            g_ptr_array_add (tools, g_strndup (parts[i], (gsize) (equals - parts[i])));
    }
    g_ptr_array_add (tools, NULL);
    return (char **) g_ptr_array_free (g_steal_pointer (&tools), FALSE);
}

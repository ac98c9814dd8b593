#include "catalogue/tool.h"

#include <string.h>

static void
tool_key_free (gpointer data)
{
    PrcToolKey *key = data;

    g_free (key->key);
    g_free (key->dead);
    g_free (key->flag);
    g_strfreev (key->names);
    g_free (key->of);
    g_free (key->scheme);
    g_free (key->only_for);
    g_free (key);
}

static void
tool_file_free (gpointer data)
{
    PrcToolFile *file = data;

    g_free (file->path);
    g_free (file->name);
    g_free (file->shell);
    g_free (file->when);
    g_free (file->moves);
    g_strfreev (file->if_set);
    g_strfreev (file->if_unset);
    g_strfreev (file->unless_file);
    g_free (file);
}

PrcTool *
prc_tool_new (void)
{
    PrcTool *tool = g_new0 (PrcTool, 1);

    tool->keys = g_ptr_array_new_with_free_func (tool_key_free);
    tool->files = g_ptr_array_new_with_free_func (tool_file_free);
    return tool;
}

void
prc_tool_free (PrcTool *tool)
{
    if (tool == NULL)
        return;
    g_free (tool->name);
    g_free (tool->program);
    g_free (tool->summary);
    g_free (tool->origin);
    g_strfreev (tool->auth);
    g_free (tool->auth_default);
    g_strfreev (tool->placements);
    g_strfreev (tool->url.none_words);
    g_free (tool->reference_key);
    g_free (tool->reference_command);
    g_free (tool->include_key);
    g_free (tool->include_path);
    g_strfreev (tool->version_of);
    g_ptr_array_unref (tool->keys);
    g_ptr_array_unref (tool->files);
    g_free (tool);
}

gboolean
prc_tool_key_is_pattern (const PrcToolKey *row)
{
    return strchr (row->key, '*') != NULL;
}

/* One '*' that stands for at least one character. */
static gboolean
pattern_matches (const char *pattern, const char *key)
{
    const char *star = strchr (pattern, '*');
    gsize before = (gsize) (star - pattern), after = strlen (star + 1), length = strlen (key);

    return length > before + after && strncmp (pattern, key, before) == 0 &&
           strcmp (key + length - after, star + 1) == 0;
}

const PrcToolKey *
prc_tool_find_key (const PrcTool *tool, const char *key)
{
    const PrcToolKey *found = NULL;

    for (guint i = 0; i < tool->keys->len; i++) {
        const PrcToolKey *row = g_ptr_array_index (tool->keys, i);

        if (strcmp (row->key, key) == 0)
            return row;
        if (found == NULL && prc_tool_key_is_pattern (row) && pattern_matches (row->key, key))
            found = row;
    }
    return found;
}

gboolean
prc_tool_can_auth (const PrcTool *tool, const char *auth)
{
    return auth == NULL || strcmp (auth, "any") == 0 ||
           (tool->auth != NULL && g_strv_contains ((const char *const *) tool->auth, auth));
}

const char *
prc_tool_auth_text (const PrcToolKey *row, const char *scheme)
{
    gsize length = strlen (scheme);

    if (row->flag != NULL)
        return strcmp (row->flag, scheme) == 0 ? "true" : NULL;
    for (char **name = row->names; name != NULL && *name != NULL; name++)
        if (strncmp (*name, scheme, length) == 0 && (*name)[length] == '=')
            return *name + length + 1;
    return scheme;
}

#include "routing/variables.h"

#include <string.h>

#include "base/secret.h"

static void
variable_free (gpointer data)
{
    PrcVariable *variable = data;

    g_free (variable->name);
    prc_wipe_free (variable->value);
    g_free (variable->doubt);
    g_free (variable->file);
    g_free (variable);
}

PrcVariables *
prc_variables_new (void)
{
    PrcVariables *variables = g_new0 (PrcVariables, 1);

    variables->list = g_ptr_array_new_with_free_func (variable_free);
    variables->unread = g_ptr_array_new_with_free_func (variable_free);
    return variables;
}

void
prc_variables_free (PrcVariables *variables)
{
    if (variables == NULL)
        return;
    g_ptr_array_unref (variables->list);
    g_ptr_array_unref (variables->unread);
    g_free (variables->doubt);
    g_free (variables);
}

static PrcVariable *
add_to (GPtrArray *list, const char *name)
{
    PrcVariable *variable = g_new0 (PrcVariable, 1);

    variable->name = g_strdup (name);
    g_ptr_array_add (list, variable);
    return variable;
}

PrcVariable *
prc_variables_add (PrcVariables *variables, const char *name)
{
    return add_to (variables->list, name);
}

PrcVariable *
prc_variables_add_unread (PrcVariables *variables, const char *name)
{
    return add_to (variables->unread, name);
}

PrcVariables *
prc_variables_from_environ (char **env)
{
    PrcVariables *variables = prc_variables_new ();

    variables->is_ordered = TRUE;
    for (char **entry = env; entry != NULL && *entry != NULL; entry++) {
        const char *sign = strchr (*entry, '=');
        g_autofree char *name = NULL;

        if (sign == NULL)
            continue;
        name = g_strndup (*entry, (gsize) (sign - *entry));
        if (prc_variables_find (variables, name) == NULL)
            prc_variables_add (variables, name)->value = g_strdup (sign + 1);
    }
    return variables;
}

const PrcVariable *
prc_variables_find (const PrcVariables *variables, const char *name)
{
    for (guint i = 0; i < variables->list->len; i++) {
        const PrcVariable *variable = g_ptr_array_index (variables->list, i);

        if (strcmp (variable->name, name) == 0)
            return variable;
    }
    return NULL;
}

char **
prc_variables_environ (const PrcVariables *variables)
{
    GPtrArray *env = g_ptr_array_new ();

    for (guint i = 0; i < variables->list->len; i++) {
        const PrcVariable *variable = g_ptr_array_index (variables->list, i);

        if (variable->value != NULL)
            g_ptr_array_add (env, g_strconcat (variable->name, "=", variable->value, NULL));
    }
    g_ptr_array_add (env, NULL);
    return (char **) g_ptr_array_free (env, FALSE);
}

#include <stdio.h>
#include <string.h>

#include "app/import.h"
#include "app/profiles.h"
#include "base/error.h"
#include "base/i18n.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/complete.h"
#include "cli/output.h"

static json_t *
profile_json (const PrcProfileRow *row)
{
    json_t *object = json_object ();

    json_object_set_new (object, "name", prc_json_text (row->profile->name));
    json_object_set_new (object, "active", json_boolean (row->is_active));
    for (const char *const *key = prc_profile_keys (); *key != NULL; key++) {
        g_autofree char *value = prc_profile_get (row->profile, *key);

        json_object_set_new (object, *key, prc_json_text (value));
    }
    return object;
}

static void
print_profile (const PrcProfileRow *row)
{
    g_autofree char *name = prc_text_printable (row->profile->name);

    /* Translators: the name of a profile */
    printf (row->profile->is_direct ? row->is_active ? _ ("%s (active): no proxy anywhere\n")
                                                     : _ ("%s: no proxy anywhere\n")
            : row->is_active ? _ ("%s (active)\n")
                                    : "%s\n",
            name);
    for (const char *const *key = prc_profile_keys (); *key != NULL; key++) {
        g_autofree char *value = prc_profile_get (row->profile, *key);
        g_autofree char *shown = value != NULL ? prc_text_printable (value) : NULL;

        if (shown != NULL)
            printf ("  %-10s %s\n", *key, shown);
    }
}

/* @changed: (nullable): after a change: whether it was one, or would be. */
static int
list_profiles (PrcOptions *options, const PrcProfiles *profiles, const char *only,
               const gboolean *changed)
{
    const GPtrArray *rows = prc_profiles_rows (profiles);
    json_t *list = options->json ? json_array () : NULL;

    for (guint i = 0; i < rows->len; i++) {
        const PrcProfileRow *row = g_ptr_array_index (rows, i);

        if (only != NULL && strcmp (only, row->profile->name) != 0)
            continue;
        if (list != NULL)
            json_array_append_new (list, profile_json (row));
        else
            print_profile (row);
    }
    if (list != NULL) {
        json_t *object = prc_json_new ();

        if (changed != NULL)
            json_object_set_new (object, "changed", json_boolean (*changed));
        json_object_set_new (object, "profiles", list);
        prc_output_json (object);
    }
    return PRC_EXIT_DONE;
}

static gboolean
import_profile (PrcOptions *options, PrcSession *session, PrcProfiles *profiles, const char *name,
                PrcProfilesEdit *edit, GError **error)
{
    g_autoptr (GPtrArray) notes = NULL;
    g_auto (GStrv) pairs = prc_import_pairs (session, &notes, error);

    if (pairs == NULL || !prc_profiles_add (profiles, name, pairs, edit, error))
        return FALSE;
    for (guint i = 0; i < notes->len; i++)
        prc_cli_warn (options, "%s", (const char *) g_ptr_array_index (notes, i));
    return TRUE;
}

static gboolean
edit_profiles (PrcOptions *options, PrcSession *session, PrcProfiles *profiles, const char *verb,
               const char *name, char **pairs, PrcProfilesEdit *edit, GError **error)
{
    if (strcmp (verb, "import") == 0)
        return import_profile (options, session, profiles, name != NULL ? name : "imported", edit,
                               error);
    if (name == NULL) {
        g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                     _ ("a name is needed: proxyrc profile %s NAME"), verb);
        return FALSE;
    }
    if (strcmp (verb, "add") == 0)
        return prc_profiles_add (profiles, name, pairs, edit, error);
    if (strcmp (verb, "set") == 0)
        return prc_profiles_set (profiles, name, pairs, edit, error);
    if (strcmp (verb, "remove") == 0)
        return prc_profiles_remove (profiles, name, edit, error);
    g_set_error (error, PRC_ERROR, PRC_ERROR_USAGE,
                 _ ("say: proxyrc profile list, show, add, set, remove or import"));
    return FALSE;
}

/* --system: the file that an administrator ships, for those who have none of their own. */
static PrcSession *
open_session (PrcOptions *options, GError **error)
{
    if (options->system && options->config == NULL)
        options->config = prc_session_system_config (options->root);
    if (options->system && options->root != NULL && options->home == NULL)
        options->home = g_strdup ("/root"); /* what takes it back is kept there */
    return prc_cli_session (options, error);
}

static int
run_profile (PrcOptions *options, GError **error)
{
    const char *verb = options->arguments[0] != NULL ? options->arguments[0] : "list";
    const char *name = options->arguments[0] != NULL ? options->arguments[1] : NULL;
    g_autoptr (PrcSession) session = open_session (options, error);
    gboolean adds = strcmp (verb, "add") == 0 || strcmp (verb, "import") == 0;
    g_autoptr (PrcProfiles) profiles = session == NULL ? NULL
                                       : adds          ? prc_profiles_load_or_new (session, error)
                                                       : prc_profiles_load (session, error);
    g_auto (PrcProfilesEdit) edit = { 0 };
    g_autofree char *label = NULL;
    gboolean changed = FALSE;

    if (profiles == NULL)
        return PRC_EXIT_INPUT;
    if (strcmp (verb, "list") == 0)
        return list_profiles (options, profiles, NULL, NULL);
    if (strcmp (verb, "show") == 0) {
        const PrcProfile *profile = prc_profiles_find (profiles, name, error);

        return profile != NULL ? list_profiles (options, profiles, profile->name, NULL)
                               : PRC_EXIT_USAGE;
    }
    label = g_strdup_printf ("profile %s %s", verb, name != NULL ? name : "imported");
    if (!edit_profiles (options, session, profiles, verb, name,
                        name != NULL ? options->arguments + 2 : NULL, &edit, error))
        return PRC_EXIT_INPUT;
    changed = prc_profiles_would_change (&edit);
    if (!options->dry_run && !prc_profiles_write (session, profiles, &edit, label, error))
        return PRC_EXIT_INPUT;
    if (options->json || options->verbose) {
        g_autoptr (PrcProfiles) after = options->dry_run ? prc_profiles_with (session, &edit, error)
                                                         : prc_profiles_load (session, error);

        if (after == NULL)
            return PRC_EXIT_INPUT;
        (void) list_profiles (options, after, NULL, &changed);
    }
    return options->dry_run && changed ? PRC_EXIT_NO : PRC_EXIT_DONE;
}

const PrcCommand prc_command_profile = {
    "profile",
    /* untranslated: grammar */
    "list | show [NAME] | add NAME KEY=VALUE… | set NAME KEY=VALUE… | remove NAME | import "
    "[NAME]",
    N_ ("The wanted states, named; the first one added becomes the active one"),
    N_ ("Keys: http, https, all (proxy URLs with a port), no_proxy (comma-separated), user, auth\n"
        "(basic, digest, ntlm, negotiate, any), ca (a file), placement, tools, check_url, store.\n"
        "KEY= takes a key away. placement says where the tools have the password from: inline (it "
        "is\n"
        "written in their files), reference (no file holds it: shells evaluate `proxyrc env`, git "
        "asks\n"
        "`proxyrc git-credential`), none; and TOOL=WORD for single ones: reference,npm=inline.\n"
        "A password never goes here: store it with `proxyrc login`. `import` makes a profile from\n"
        "what is found on this machine."),
    PRC_TAKES_JSON | PRC_TAKES_TOOLS | PRC_TAKES_DRY_RUN,
    0,
    G_MAXUINT,
    run_profile,
    prc_complete_profile_words,
};

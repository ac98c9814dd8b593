#include <stdio.h>
#include <string.h>

#include "app/import.h"
#include "app/profiles.h"
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

typedef enum { VERB_LIST, VERB_SHOW, VERB_ADD, VERB_SET, VERB_REMOVE, VERB_IMPORT, N_VERBS } Verb;

static const struct {
    const char *name;
    guint min, max; /* arguments behind it */
} verbs[N_VERBS] = {
    [VERB_LIST] = { "list", 0, 0 },       [VERB_SHOW] = { "show", 0, 1 },
    [VERB_ADD] = { "add", 1, G_MAXUINT }, [VERB_SET] = { "set", 1, G_MAXUINT },
    [VERB_REMOVE] = { "remove", 1, 1 },   [VERB_IMPORT] = { "import", 0, 1 },
};

static gboolean
read_verb (char **arguments, Verb *ret_verb, GError **error)
{
    guint n = g_strv_length (arguments), verb = 0;

    *ret_verb = VERB_LIST;
    if (n == 0)
        return TRUE;
    while (verb < N_VERBS && strcmp (verbs[verb].name, arguments[0]) != 0)
        verb++;
    if (verb == N_VERBS || n - 1 < verbs[verb].min || n - 1 > verbs[verb].max) {
        prc_cli_set_usage_error (error, &prc_command_profile);
        return FALSE;
    }
    *ret_verb = (Verb) verb;
    return TRUE;
}

static gboolean
edit_profiles (PrcOptions *options, PrcSession *session, PrcProfiles *profiles, Verb verb,
               const char *name, char **pairs, PrcProfilesEdit *edit, GError **error)
{
    if (verb == VERB_IMPORT)
        return import_profile (options, session, profiles, name, edit, error);
    if (verb == VERB_ADD)
        return prc_profiles_add (profiles, name, pairs, edit, error);
    if (verb == VERB_SET)
        return prc_profiles_set (profiles, name, pairs, edit, error);
    return prc_profiles_remove (profiles, name, edit, error);
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
    g_autoptr (PrcSession) session = NULL;
    g_autoptr (PrcProfiles) profiles = NULL;
    g_auto (PrcProfilesEdit) edit = { 0 };
    g_autofree char *label = NULL;
    const char *name = NULL;
    Verb verb = VERB_LIST;
    gboolean changed = FALSE;

    if (!read_verb (options->arguments, &verb, error))
        return PRC_EXIT_USAGE;
    session = open_session (options, error);
    if (session != NULL)
        profiles = verb == VERB_ADD || verb == VERB_IMPORT
                       ? prc_profiles_load_or_new (session, error)
                       : prc_profiles_load (session, error);
    if (profiles == NULL)
        return PRC_EXIT_INPUT;
    if (verb == VERB_LIST)
        return list_profiles (options, profiles, NULL, NULL);
    name = options->arguments[1];
    if (verb == VERB_SHOW) {
        const PrcProfile *profile = prc_profiles_find (profiles, name, error);

        return profile != NULL ? list_profiles (options, profiles, profile->name, NULL)
                               : PRC_EXIT_USAGE;
    }
    if (name == NULL)
        name = "imported";
    label = g_strdup_printf ("profile %s %s", verbs[verb].name, name);
    if (!edit_profiles (options, session, profiles, verb, name,
                        options->arguments[1] != NULL ? options->arguments + 2 : NULL, &edit,
                        error))
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
    PRC_TAKES_JSON | PRC_TAKES_TOOLS | PRC_TAKES_SYSTEM | PRC_TAKES_DRY_RUN,
    0,
    G_MAXUINT,
    run_profile,
    prc_complete_profile_words,
};

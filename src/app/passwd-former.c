#include "app/passwd-former.h"

#include <string.h>

#include "app/write.h"
#include "apply/history.h"

/* Whoever changes his password more often than that has left no copy of the first ones. */
enum { ENTRIES_MAX = 10 };

typedef struct {
    PrcSession *session;
    PrcStore *store;
    const GPtrArray *refs;
    const PrcPlanOptions *options;
    const GPtrArray *founds;
} Former;

static void
add (const Former *former, PrcSecret *secret)
{
    const PrcPasswordRules *rules = former->options->passwords;

    if (rules->old != NULL && prc_secret_equal (rules->old, secret))
        return;
    for (guint i = 0; i < rules->older->len; i++)
        if (prc_secret_equal (g_ptr_array_index (rules->older, i), secret))
            return;
    g_ptr_array_add (rules->older, prc_secret_ref (secret));
}

static void
look_into_store (const Former *former, const PrcChange *change)
{
    if (change->old_bytes == NULL || strcmp (change->path, prc_store_place (former->store)) != 0)
        return;
    for (guint i = 0; i < former->refs->len; i++) {
        g_autoptr (PrcSecret) secret = NULL;

        if (prc_store_lookup_former (former->store, change->old_bytes,
                                     g_ptr_array_index (former->refs, i), &secret, NULL))
            add (former, secret);
    }
}

/* The file as it was, to be planned as if it were there: the planner finds the passwords in it. */
static PrcFound *
as_it_was (const PrcFound *found, const PrcFoundFile *file, GBytes *bytes)
{
    g_autoptr (PrcDocument) doc = prc_document_parse (file->format, bytes, found->version, NULL);
    PrcFoundFile *copy = NULL;
    PrcFound *former = NULL;

    if (doc == NULL)
        return NULL;
    copy = g_new0 (PrcFoundFile, 1);
    copy->tool = file->tool;
    copy->row = file->row;
    copy->scope = PRC_SCOPE_USER;
    copy->format = file->format;
    copy->path = g_strdup (file->path);
    copy->exists = TRUE;
    copy->bytes = g_bytes_ref (bytes);
    copy->doc = g_steal_pointer (&doc);
    former = g_new0 (PrcFound, 1);
    former->tool = found->tool;
    former->version = found->version;
    former->files = g_ptr_array_new_with_free_func ((GDestroyNotify) prc_found_file_free);
    former->readings = g_array_new (FALSE, FALSE, sizeof (PrcReading));
    g_ptr_array_add (former->files, copy);
    return former;
}

static void
look_into_file (const Former *former, const PrcChange *change)
{
    for (guint f = 0; f < former->founds->len && change->old_bytes != NULL; f++) {
        const PrcFound *found = g_ptr_array_index (former->founds, f);

        for (guint i = 0; i < found->files->len; i++) {
            const PrcFoundFile *file = g_ptr_array_index (found->files, i);
            g_autoptr (PrcFound) then = NULL;
            g_autoptr (PrcPlan) plan = NULL;

            if (strcmp (file->path, change->path) != 0)
                continue;
            then = as_it_was (found, file, change->old_bytes);
            plan = prc_plan_new (former->options);
            if (then != NULL)
                (void) prc_plan_tool (plan, then, &found->tool->url, NULL);
        }
    }
}

void
prc_passwd_list_former (PrcSession *session, PrcStore *store, const GPtrArray *refs,
                        const PrcPlanOptions *options, const GPtrArray *founds)
{
    const Former former = { session, store, refs, options, founds };
    PrcStateDir *state = prc_session_state_dir (session);
    PrcApplyOptions apply = prc_session_apply_options (session);
    g_autoptr (GPtrArray) entries = prc_history_list (state, NULL, NULL);
    guint n = 0;

    for (guint i = 0; entries != NULL && i < entries->len && n < ENTRIES_MAX; i++) {
        const PrcHistoryEntry *entry = g_ptr_array_index (entries, i);
        g_autoptr (GPtrArray) changes = NULL;

        if (entry->note == NULL || !g_str_has_prefix (entry->note, PRC_PASSWD_NOTE))
            continue;
        n++;
        changes = prc_history_former (state, entry->id, &apply, NULL);
        for (guint c = 0; changes != NULL && c < changes->len; c++) {
            look_into_store (&former, g_ptr_array_index (changes, c));
            look_into_file (&former, g_ptr_array_index (changes, c));
        }
    }
}

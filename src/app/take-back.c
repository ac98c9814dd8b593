#include "app/take-back.h"

#include <string.h>

#include "app/stores.h"
#include "base/error.h"
#include "base/i18n.h"

void
prc_take_back_clear (PrcTakeBack *back)
{
    g_clear_pointer (&back->draft, prc_store_draft_free);
    g_clear_pointer (&back->store, prc_store_free);
}

static PrcStore *
find_store (PrcSession *session, const char *path)
{
    gsize n = 0;
    const PrcStoreDriver *const *drivers = prc_store_drivers (&n);

    for (gsize i = 0; i < n; i++) {
        g_autoptr (PrcStore) store = NULL;

        if (drivers[i]->take_back == NULL)
            continue;
        store = prc_session_store_open (session, drivers[i]->name, NULL);
        if (store != NULL && strcmp (prc_store_place (store), path) == 0)
            return g_steal_pointer (&store);
    }
    return NULL;
}

static GBytes *
merge (const char *path, GBytes *before, GBytes *made, GBytes *now, gpointer data, GError **error)
{
    PrcTakeBack *back = data;
    g_autoptr (GError) reason = NULL;

    (void) now; /* whether it is still so, the transaction looks */
    g_clear_pointer (&back->draft, prc_store_draft_free);
    if (back->store == NULL)
        back->store = find_store (back->session, path);
    if (back->store == NULL || strcmp (prc_store_place (back->store), path) != 0)
        return NULL;
    if (prc_store_state (back->store) == PRC_STORE_LOCKED &&
        !prc_store_unlock (back->store, &prc_session_options (back->session)->ask, error))
        return NULL;
    back->draft = prc_store_take_back (back->store, before, made, &reason);
    if (back->draft != NULL)
        return g_bytes_ref (back->draft->after);
    if (g_error_matches (reason, PRC_ERROR, PRC_ERROR_CHANGED))
        g_set_error (error, PRC_ERROR, PRC_ERROR_INPUT,
                     /* Translators: a store, and that the password of whom has changed in it */
                     _ ("%s, so nothing was undone; `proxyrc apply` writes the password that is "
                        "stored now everywhere"),
                     reason->message);
    else
        g_propagate_error (error, g_steal_pointer (&reason));
    return NULL;
}

void
prc_take_back_start (PrcTakeBack *back, PrcSession *session, PrcApplyOptions *options)
{
    *back = (PrcTakeBack){ session, NULL, NULL };
    options->merge = merge;
    options->merge_data = back;
}

const char *
prc_take_back_place (const PrcTakeBack *back)
{
    return back->draft != NULL ? back->draft->path : NULL;
}

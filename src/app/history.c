#include "app/history.h"

GPtrArray *
prc_session_history (PrcSession *session, GPtrArray *unreadable, GError **error)
{
    return prc_history_list (prc_session_state_dir (session), unreadable, error);
}

gboolean
prc_session_purge_history (PrcSession *session, guint *ret_count, GPtrArray **ret_given_up,
                           GError **error)
{
    PrcApplyOptions options = prc_session_apply_options (session);

    return prc_history_purge (prc_session_state_dir (session), &options, ret_count,
                              ret_given_up, error);
}

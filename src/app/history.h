/* history.h - the session's transactions, for the faces */
#pragma once
#include "app/session.h"
#include "apply/history.h"

/** prc_session_history: (element-type PrcHistoryEntry) (transfer full) (nullable): as
 * prc_history_list(). */
GPtrArray *prc_session_history (PrcSession *session, GPtrArray *unreadable,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/** prc_session_purge_history: as prc_history_purge(). In a session that #PrcSessionOptions.only_reads,
 * too: then what can't be recovered is given up. */
gboolean prc_session_purge_history (PrcSession *session, guint *ret_count, GPtrArray **ret_given_up,
                                    GError **error);

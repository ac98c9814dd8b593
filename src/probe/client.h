/* client.h - runs the helper for one check; never blocks, and never takes more time than the
 * request says
 *
 * The helper is started with nothing of the environment but what names Kerberos' files, and told
 * through a socket; what it answers is bounded and parsed by probe/facts.h. */
#pragma once
#include <glib.h>

#include "probe/facts.h"
#include "probe/request.h"

/** PrcProbe: one helper at work. */
typedef struct _PrcProbe PrcProbe;

/** PrcProbeSetting: what the helper is started with. It can read no other of the user's files than
 * those that are named here. Strings are (nullable). */
typedef struct {
    const char *ticket;      /* KRB5CCNAME */
    const char *krb5_config; /* KRB5_CONFIG */
} PrcProbeSetting;

/**
 * prc_probe_new: (transfer full) (nullable): starts the helper, which takes longer than all the
 * rest: it gets ready while the caller does other things, and waits for prc_probe_ask().
 * @error: #PRC_ERROR_NETWORK: it could not be started
 */
PrcProbe *prc_probe_new (const PrcProbeSetting *setting, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** prc_probe_ask: once. @request is not needed any more afterwards; its time begins now. */
gboolean prc_probe_ask (PrcProbe *probe, const PrcProbeRequest *request, GError **error);

/** prc_probe_fd: becomes readable when prc_probe_step() has something to do. */
int prc_probe_fd (const PrcProbe *probe);
/**
 * prc_probe_step: never blocks. TRUE when it is over: *@ret_facts is (transfer full), or NULL with
 * @error
 * (#PRC_ERROR_NETWORK: the helper broke, or answered what makes no sense).
 */
gboolean prc_probe_step (PrcProbe *probe, PrcFacts **ret_facts, GError **error);
/** prc_probe_free: (nullable): ends the helper if it still runs. */
void prc_probe_free (PrcProbe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcProbe, prc_probe_free)

/* passwd-former.h - passwords that earlier changes have replaced, as far as they can still be
 * undone */
#pragma once
#include <glib.h>

#include "app/session.h"
#include "planner/plan.h"
#include "secrets/store.h"

/**
 * prc_passwd_list_former: a copy that the last change of password has only listed is to be found
 * again by the next one, though the store has forgotten the password: the undo data has it.
 * @store: open; @refs: (element-type PrcCredentialRef)
 * @options: whose rules get each of them in @older
 * @founds: (element-type PrcFound): how files of these paths are read
 *
 * What can't be read is no matter.
 */
void prc_passwd_list_former (PrcSession *session, PrcStore *store, const GPtrArray *refs,
                             const PrcPlanOptions *options, const GPtrArray *founds);

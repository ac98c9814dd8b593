/* take-back.h - undoing where a store is concerned that has changed since: only what the transaction
 * changed in it goes back */
#pragma once
#include <glib.h>

#include "app/session.h"

/** PrcTakeBack: init with prc_take_back_start(). */
typedef struct {
    PrcSession *session;  /* (transfer none) */
    PrcStore *store;      /* (nullable): none was needed yet */
    PrcStoreDraft *draft; /* (nullable): keeps the store from others until it is cleared */
} PrcTakeBack;

/** prc_take_back_start: lets an undo with these @options merge stores; they are then good as long as
 * @back. The first time a store is needed may ask for its passphrase: prc_undo_plan() first, which
 * holds no lock. */
void prc_take_back_start (PrcTakeBack *back, PrcSession *session, PrcApplyOptions *options);
/** prc_take_back_place: (nullable) (transfer none): the store that was merged. */
const char *prc_take_back_place (const PrcTakeBack *back);
void prc_take_back_clear (PrcTakeBack *back);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcTakeBack, prc_take_back_clear)

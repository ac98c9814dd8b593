/* precedence.h - which of a tool's settings beats which */
#pragma once
#include "catalogue/discover.h"

typedef struct _PrcPrecedence PrcPrecedence;

/** prc_precedence_new: (transfer full): @found must outlive it. Linear in the readings. */
PrcPrecedence *prc_precedence_new (const PrcFound *found);
void prc_precedence_free (PrcPrecedence *precedence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PrcPrecedence, prc_precedence_free)

/** prc_precedence_winner: (nullable) (transfer none): the reading that beats @reading for sure;
 * NULL when it is the last word, or when that can't be known. */
const PrcReading *prc_precedence_winner (const PrcPrecedence *precedence,
                                         const PrcReading *reading);

/** prc_precedence_best: (transfer none): of all readings of the same entry the one that says most
 * about it: one that is in force, else the last that is read at all, else the last. */
const PrcReading *prc_precedence_best (const PrcPrecedence *precedence, const PrcReading *reading);

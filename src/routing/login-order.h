/* login-order.h - which start-up files a login shell reads, and in which order */
#pragma once
#include "catalogue/discover.h"

/** PrcLoginPart: the readings of one start-up file, with those of what it includes. */
typedef struct {
    const PrcFoundFile *file; /* the start-up file itself */
    guint start, end;         /* in the #PrcFound's readings */
    guint rank;
} PrcLoginPart;

/** prc_login_order: (transfer full) (element-type PrcLoginPart): of the shell of @place, in its own
 * order; of zsh's see login.c. What only interactive shells read is not a login shell's. */
GArray *prc_login_order (const PrcFound *found, const PrcPlace *place);

/** prc_login_reads: that the shell of @place is one of those that the file's row is for. */
gboolean prc_login_reads (const PrcFoundFile *file, const PrcPlace *place);

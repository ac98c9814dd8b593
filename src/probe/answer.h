/* answer.h - the head of an HTTP answer, read from a line, of which more may follow */
#pragma once
#include "probe/facts.h"
#include "probe/head.h"
#include "probe/line.h"

/** PrcAnswer: an embedded one. */
typedef struct {
    PrcHead head;
    GByteArray *buffer; /* all that has come */
    gsize at;           /* what of it has been taken */
} PrcAnswer;

void prc_answer_init (PrcAnswer *answer);
void prc_answer_clear (PrcAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PrcAnswer, prc_answer_clear)

/** prc_answer_read_head: up to the end of a head that is no 1xx, but for 101; of @answer->head
 * holds what there was even if it fails. */
PrcFailure prc_answer_read_head (PrcAnswer *answer, PrcLine *line);

/** prc_answer_beginning: (transfer full): its first line, or what there is of it, up to 80 bytes.
 */
char *prc_answer_beginning (const PrcAnswer *answer);

/** prc_answer_body: (transfer full): its first bytes; waits for them if there are none yet. */
char *prc_answer_body (PrcAnswer *answer, PrcLine *line);

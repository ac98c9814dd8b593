#include "probe/answer.h"

#include <string.h>

#define BUFFER_MAX (PRC_HEAD_BYTES_MAX + 65536u)
#define BODY_MAX 4096u

void
prc_answer_init (PrcAnswer *answer)
{
    *answer = (PrcAnswer){ .buffer = g_byte_array_new () };
    prc_head_init (&answer->head);
}

void
prc_answer_clear (PrcAnswer *answer)
{
    prc_head_clear (&answer->head);
    g_clear_pointer (&answer->buffer, g_byte_array_unref);
}

static PrcFailure
receive (PrcAnswer *answer, PrcLine *line)
{
    guint8 chunk[16384];
    gsize n = 0;
    PrcLineResult result = prc_line_receive (line, chunk, sizeof chunk, &n);

    if (result != PRC_LINE_DONE)
        return result == PRC_LINE_TIMEOUT ? PRC_FAILURE_TIMEOUT : PRC_FAILURE_CLOSED;
    g_byte_array_append (answer->buffer, chunk, (guint) n);
    return PRC_FAILURE_NONE;
}

/* What can't become "HTTP/": told from its first bytes, for there may never be a line end. */
static PrcFailure
judge_beginning (const GByteArray *buffer)
{
    const char *bytes = (const char *) buffer->data;
    gsize skipped = 0;

    if (buffer->len >= 2 && (buffer->data[0] == 0x15 || buffer->data[0] == 0x16) &&
        buffer->data[1] == 0x03)
        return PRC_FAILURE_WANTS_TLS;
    while (skipped < buffer->len && (bytes[skipped] == '\r' || bytes[skipped] == '\n'))
        skipped++;
    if (skipped == buffer->len)
        return skipped > 64 ? PRC_FAILURE_NOT_HTTP : PRC_FAILURE_NONE;
    return g_ascii_strncasecmp (bytes + skipped, "HTTP/", MIN (buffer->len - skipped, 5u)) == 0
               ? PRC_FAILURE_NONE
               : PRC_FAILURE_NOT_HTTP;
}

/* All whole lines from @answer->at on. */
static PrcHeadState
feed (PrcAnswer *answer)
{
    PrcHeadState state = PRC_HEAD_MORE;
    const GByteArray *buffer = answer->buffer;

    while (state == PRC_HEAD_MORE && answer->at < buffer->len) {
        const guint8 *start = buffer->data + answer->at;
        const guint8 *end = memchr (start, '\n', buffer->len - answer->at);

        if (end == NULL)
            break;
        answer->at += (gsize) (end - start) + 1;
        state = prc_head_line (&answer->head, (const char *) start, (gsize) (end - start) + 1);
        if (state == PRC_HEAD_END && answer->head.status < 200 && answer->head.status != 101)
            state = PRC_HEAD_MORE; /* 100 Continue and the like: the answer is still to come */
    }
    return state;
}

PrcFailure
prc_answer_read_head (PrcAnswer *answer, PrcLine *line)
{
    PrcHeadState state = PRC_HEAD_MORE;

    while (state == PRC_HEAD_MORE) {
        PrcFailure failure = receive (answer, line);

        if (failure == PRC_FAILURE_NONE)
            failure = judge_beginning (answer->buffer);
        if (failure != PRC_FAILURE_NONE)
            return failure;
        state = feed (answer);
        if (state == PRC_HEAD_TOO_LARGE || answer->buffer->len > BUFFER_MAX)
            return PRC_FAILURE_TOO_LARGE;
    }
    return state == PRC_HEAD_NOT_HTTP ? PRC_FAILURE_NOT_HTTP : PRC_FAILURE_NONE;
}

char *
prc_answer_beginning (const PrcAnswer *answer)
{
    const char *bytes = (const char *) answer->buffer->data;
    gsize length = 0;

    while (length < answer->buffer->len && length < 80 && bytes[length] != '\n' &&
           bytes[length] != '\r')
        length++;
    return g_strndup (bytes, length);
}

char *
prc_answer_body (PrcAnswer *answer, PrcLine *line)
{
    if (answer->at >= answer->buffer->len)
        (void) receive (answer, line);
    return g_strndup ((const char *) answer->buffer->data + answer->at,
                      MIN (answer->buffer->len - answer->at, BODY_MAX));
}

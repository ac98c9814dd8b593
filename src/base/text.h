/* text.h - text from files and the network, made fit for a terminal and for JSON */
#pragma once
#include <glib.h>

/**
 * prc_text_printable:
 * @bytes: (nullable): a NUL-terminated string in any encoding
 *
 * Control characters (C0, DEL, C1, bidirectional overrides) and bytes that are not UTF-8 become
 * \xHH or \u{HHHH}; everything else stays. So nothing that a file says can move the cursor.
 * Returns: (transfer full): valid UTF-8
 */
char *prc_text_printable (const char *bytes) G_GNUC_WARN_UNUSED_RESULT;

/** prc_text_utf8: as prc_text_printable(), but only what is not UTF-8 is replaced: for JSON. */
char *prc_text_utf8 (const char *bytes) G_GNUC_WARN_UNUSED_RESULT;

/** prc_text_is_unfit: a character that moves the cursor or hides what is beside it: C0, DEL, C1,
 * bidirectional controls, line and paragraph separators. */
gboolean prc_text_is_unfit (gunichar c);

/** prc_text_has_control: any byte below 0x20 or 0x7F in @bytes. */
gboolean prc_text_has_control (const char *bytes);

/**
 * prc_text_may_break:
 * @before: the character in front of a place without a blank
 * @after: the one behind it
 *
 * Chinese and Japanese have no blanks between words: a line may end between nearly any two of their
 * characters, but not in front of what closes, nor behind what opens. Korean has blanks.
 * Returns: whether a line may end there
 */
gboolean prc_text_may_break (gunichar before, gunichar after);

/** prc_text_piece: how many bytes of @text stay together on a line: up to a blank, a newline, or a
 * place that prc_text_may_break() allows. At least one character, unless @text begins with one of
 * the former, or is empty. */
gsize prc_text_piece (const char *text);

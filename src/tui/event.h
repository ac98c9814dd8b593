/* event.h - what happens to the screen from outside, as plain values; and the names of keys */
#pragma once
#include <glib.h>

/** PrcKey: a Unicode character, or one of these, with modifiers added. */
typedef guint32 PrcKey;
enum {
    PRC_KEY_NONE = 0,
    PRC_KEY_TAB = '\t',
    PRC_KEY_ENTER = '\r',
    PRC_KEY_ESCAPE = 0x1B,
    PRC_KEY_BACKSPACE = 0x7F,
    PRC_KEY_UP = 0x110000,
    PRC_KEY_DOWN,
    PRC_KEY_LEFT,
    PRC_KEY_RIGHT,
    PRC_KEY_HOME,
    PRC_KEY_END,
    PRC_KEY_PAGE_UP,
    PRC_KEY_PAGE_DOWN,
    PRC_KEY_INSERT,
    PRC_KEY_DELETE,
    PRC_KEY_F1, /* F2 is the next, up to F12 */
    PRC_KEY_F12 = PRC_KEY_F1 + 11,
    PRC_KEY_SHIFT = 1 << 24, /* of special keys only: a shifted letter is another letter */
    PRC_KEY_ALT = 1 << 25,
    PRC_KEY_CTRL = 1 << 26, /* with a lower-case letter, or a special key */
};

typedef enum {
    PRC_EVENT_KEY,
    PRC_EVENT_PASTE, /* text in one piece; it is never keys */
    PRC_EVENT_CLICK,
    PRC_EVENT_DOUBLE_CLICK,
    PRC_EVENT_WHEEL, /* @amount rows, negative is up */
    PRC_EVENT_FOCUS, /* the terminal's window was left (@amount 0) or entered (1) */
} PrcEventType;

typedef struct {
    PrcEventType type;
    PrcKey key;
    char *text; /* (nullable) owned: of a paste; wiped when freed, for it may be a password */
    int x, y;   /* of the mouse, in cells */
    int amount;
} PrcEvent;
void prc_event_clear (PrcEvent *event);

/** prc_key_parse: "a", "G", "C-l", "M-x", "S-Tab", "Enter", "F1", "Space", "Up"; 0 if there is no
 * such key. */
PrcKey prc_key_parse (const char *name);
/** prc_key_name: the inverse, as help shows it; (transfer full) */
char *prc_key_name (PrcKey key);
/** prc_key_is_text: a character that can be typed into a field. */
gboolean prc_key_is_text (PrcKey key);

/* exchange.h - fills in what was seen of an exchange; only in the helper */
#pragma once
#include "probe/facts.h"
#include "probe/head.h"

/** prc_exchange_take_head: what the head says, as the proxy's answer. */
void prc_exchange_take_head (PrcExchange *exchange, const PrcHead *head);
/** prc_exchange_fail: (nullable) @text is copied. */
void prc_exchange_fail (PrcExchange *exchange, PrcFailure failure, const char *text);

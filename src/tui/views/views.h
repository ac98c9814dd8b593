/* views.h - all views; a new one is one file and one row here */
#pragma once
#include "tui/view.h"

extern const PrcViewClass prc_view_overview, prc_view_help;

/* What the device is looking at in memory at the moment of an event. */
#ifndef IOREWIND_ANNOTATE_H
#define IOREWIND_ANNOTATE_H

#include "text.h"

/* Looks at the line of an event, which must not end with a line end, and appends " | " and what it read, if it read anything. */
void annotate(struct text *line);

/* Maps the guest's memory now if it lies in files: their names may be gone when the first line comes. */
void annotate_start(void);

#endif

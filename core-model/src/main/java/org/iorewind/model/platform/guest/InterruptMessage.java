package org.iorewind.model.platform.guest;

/**
 * What a device is to write to raise an interrupt.
 *
 * @param address of the message
 * @param data of the message: the index into the device's interrupt table
 */
public record InterruptMessage(long address, int data) {}

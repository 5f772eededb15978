"""Pairs of organisations: is one the other?"""
